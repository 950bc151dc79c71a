//! Who belongs to which team.

use crate::access::Role;
use crate::ids::{RoleId, TeamId, UserId};
use crate::ports::StoreError;
use crate::team::Membership;
use async_trait::async_trait;

/// Memberships.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait MembershipStore: Send {
    /// Adds a member. [`super::super::Conflict::Membership`] when the person is one already.
    async fn insert_membership(&mut self, membership: &Membership) -> Result<(), StoreError>;
    /// The membership with its role, locked: who changes it waits for us.
    async fn find_membership(
        &mut self,
        team: TeamId,
        user: UserId,
    ) -> Result<Option<(Membership, Role)>, StoreError>;
    /// Gives the member another role; `false` when there is no such member.
    async fn set_member_role(
        &mut self,
        team: TeamId,
        user: UserId,
        role: RoleId,
    ) -> Result<bool, StoreError>;
    /// Removes the member and revokes all tokens they made in the team; `false` when there is no such
    /// member.
    async fn delete_membership(&mut self, team: TeamId, user: UserId) -> Result<bool, StoreError>;
    /// How many living teams the person owns.
    async fn count_owned_teams(&mut self, user: UserId) -> Result<i64, StoreError>;
}
