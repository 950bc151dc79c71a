//! Pauses of teams and platforms.

use crate::ids::TeamId;
use crate::pause::{MutationPause, PauseScope, TeamPauses};
use crate::ports::StoreError;
use async_trait::async_trait;
use jiff::Timestamp;

/// Pauses.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait PauseStore: Send {
    /// Waits until every transaction has ended that read pauses by [`Self::lock_pauses_of_team`], and makes
    /// those that come after wait until this one has ended: what commits after a pause has seen it.
    async fn lock_pauses(&mut self) -> Result<(), StoreError>;
    /// The pauses of the team and of the platform where its account is, as they are and stay for the rest
    /// of the transaction.
    async fn lock_pauses_of_team(&mut self, team: TeamId) -> Result<TeamPauses, StoreError>;
    /// The pause of the scope that lasts.
    async fn find_lasting_pause(
        &mut self,
        scope: &PauseScope,
    ) -> Result<Option<MutationPause>, StoreError>;
    /// Stores a pause as the newest one of its scope. The caller has called [`Self::lock_pauses`].
    async fn put_pause(&mut self, pause: &MutationPause) -> Result<(), StoreError>;
    /// Ends the pause of the scope; `false` when none lasts.
    async fn end_pause(&mut self, scope: &PauseScope, at: Timestamp) -> Result<bool, StoreError>;
}
