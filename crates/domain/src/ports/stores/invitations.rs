//! Invitations into teams.

use crate::ids::{InvitationId, TeamId, UserId};
use crate::names::EmailAddress;
use crate::people::TokenHash;
use crate::ports::StoreError;
use crate::team::Invitation;
use async_trait::async_trait;
use jiff::Timestamp;

/// Invitations.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait InvitationStore: Send {
    /// Adds an invitation; earlier open ones of the team to the same address are revoked.
    async fn insert_invitation(&mut self, invitation: &Invitation) -> Result<(), StoreError>;
    /// The open, unexpired invitation with one of these hashes, locked; its team lives.
    async fn find_open_invitation(
        &mut self,
        hashes: &[TokenHash],
        now: Timestamp,
    ) -> Result<Option<Invitation>, StoreError>;
    /// Marks an open invitation as accepted; `false` when it was accepted or revoked before.
    async fn accept_invitation(
        &mut self,
        invitation: InvitationId,
        user: UserId,
        at: Timestamp,
    ) -> Result<bool, StoreError>;
    /// Revokes an open invitation; `false` when there is none.
    async fn revoke_invitation(
        &mut self,
        team: TeamId,
        invitation: InvitationId,
        at: Timestamp,
    ) -> Result<bool, StoreError>;
    /// How many open, unexpired invitations the team has.
    async fn count_open_invitations(
        &mut self,
        team: TeamId,
        now: Timestamp,
    ) -> Result<i64, StoreError>;
    /// Whether there is an open, unexpired invitation to the address, of any team: who is invited may
    /// register where registration is closed.
    async fn is_invited(
        &mut self,
        email: &EmailAddress,
        now: Timestamp,
    ) -> Result<bool, StoreError>;
}
