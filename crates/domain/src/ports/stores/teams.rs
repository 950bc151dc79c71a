//! Teams and their keys.

use crate::ids::TeamId;
use crate::ports::StoreError;
use crate::sealed::WrappedKey;
use crate::team::{OwnershipOffer, Team, TeamDeletion};
use async_trait::async_trait;
use jiff::Timestamp;

/// Teams, their keys, and what is about a team as a whole.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait TeamStore: Send {
    /// Adds a team, its wrapped key and its built-in roles; their ids are given in the order of
    /// [`crate::access::RoleKind::BUILT_IN`].
    async fn insert_team(
        &mut self,
        team: &Team,
        key: &WrappedKey,
        built_in_roles: &[crate::ids::RoleId; 4],
    ) -> Result<(), StoreError>;
    /// The team; deleted ones are not found.
    async fn find_team(&mut self, team: TeamId) -> Result<Option<Team>, StoreError>;
    /// Writes name and suspension when the stored version is `team.version`, raising it by one;
    /// otherwise [`StoreError::VersionChanged`].
    async fn update_team(&mut self, team: &Team) -> Result<(), StoreError>;
    /// Deletes a team for good: its key is destroyed, memberships, invitations, offers and roles in
    /// use are removed, tokens revoked, the platform account's credential and session destroyed. The
    /// row stays, so that jobs and the audit trail keep their meaning; the team is not found any more.
    /// [`StoreError::VersionChanged`] when there is no such living team.
    async fn delete_team(&mut self, team: TeamId, at: Timestamp) -> Result<(), StoreError>;
    /// The team's wrapped key; `None` when there is no such team or its key was destroyed.
    async fn find_team_key(&mut self, team: TeamId) -> Result<Option<WrappedKey>, StoreError>;
    /// Stores the first step of a deletion, replacing an earlier one.
    async fn put_team_deletion(&mut self, deletion: &TeamDeletion) -> Result<(), StoreError>;
    /// The first step of a deletion that waits for the second.
    async fn find_team_deletion(
        &mut self,
        team: TeamId,
    ) -> Result<Option<TeamDeletion>, StoreError>;
    /// Stores an offer of ownership, replacing an earlier one.
    async fn put_ownership_offer(&mut self, offer: &OwnershipOffer) -> Result<(), StoreError>;
    /// The offer that waits, locked against others who would take or withdraw it.
    async fn find_ownership_offer(
        &mut self,
        team: TeamId,
    ) -> Result<Option<OwnershipOffer>, StoreError>;
    /// Removes the offer; `false` when there is none.
    async fn delete_ownership_offer(&mut self, team: TeamId) -> Result<bool, StoreError>;
}
