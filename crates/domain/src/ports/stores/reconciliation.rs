//! What a look at the platform writes: only what nobody else is changing.

use crate::environment::Environment;
use crate::finding::Finding;
use crate::ids::{EnvironmentId, FindingId, TeamId};
use crate::ports::StoreError;
use async_trait::async_trait;
use jiff::Timestamp;
use std::time::Duration;

/// Syncs and what they found.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait ReconciliationStore: Send {
    /// The environment, when no job about it is queued or running; until the transaction ends none can be
    /// accepted. `None` also when somebody else is at its turn just now: it is never waited for.
    async fn lock_idle_environment(
        &mut self,
        team: TeamId,
        environment: EnvironmentId,
    ) -> Result<Option<Environment>, StoreError>;
    /// Notes that the platform showed these environments at that time as they are stored. No version is
    /// raised: nothing that anybody could have read and now overwrites has changed.
    async fn mark_synced(
        &mut self,
        team: TeamId,
        environments: &[EnvironmentId],
        at: Timestamp,
    ) -> Result<(), StoreError>;
    /// What was found and not closed, confirmed or not, by id.
    async fn list_open_findings(&mut self, team: TeamId) -> Result<Vec<Finding>, StoreError>;
    /// Adds a finding. An open one of the same team, kind and subject is
    /// [`crate::ports::Conflict::Other`].
    async fn insert_finding(&mut self, finding: &Finding) -> Result<(), StoreError>;
    /// A second look saw it too.
    async fn confirm_finding(
        &mut self,
        team: TeamId,
        finding: FindingId,
        at: Timestamp,
    ) -> Result<(), StoreError>;
    /// It is not seen any more.
    async fn close_finding(
        &mut self,
        team: TeamId,
        finding: FindingId,
        at: Timestamp,
    ) -> Result<(), StoreError>;
    /// The team's next sync on a schedule begins after this time, by the database's clock.
    async fn set_next_sync(&mut self, team: TeamId, after: Duration) -> Result<(), StoreError>;
    /// A sync of the team has ended now.
    async fn note_sync_ended(&mut self, team: TeamId) -> Result<(), StoreError>;
    /// The team's next sync begins at once, unless the last one ended within `pause`. Idempotent.
    async fn hasten_sync(&mut self, team: TeamId, pause: Duration) -> Result<(), StoreError>;
}
