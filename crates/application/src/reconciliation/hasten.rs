//! Somebody reads records that are old: the team's next sync need not wait for its time.

use crate::workflows::SyncSettings;
use domain::ids::TeamId;
use domain::ports::{Clock, Instant, StoreError, UnitOfWork, WritePriority};
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

#[cfg(test)]
mod tests;

/// Teams that are remembered at a time; a process that reads for more of them forgets who waits no more.
const TEAMS_REMEMBERED: usize = 4_096;

/// Makes the next sync of a team due.
pub struct HastenSync {
    unit_of_work: Arc<dyn UnitOfWork>,
    clock: Arc<dyn Clock>,
    settings: SyncSettings,
    /// When a team's sync was last hastened here: reads are many, and one write is enough.
    hastened: Mutex<HashMap<TeamId, Instant>>,
}

impl HastenSync {
    /// One for each process.
    pub fn new(
        unit_of_work: Arc<dyn UnitOfWork>,
        clock: Arc<dyn Clock>,
        settings: SyncSettings,
    ) -> Self {
        Self {
            unit_of_work,
            clock,
            settings,
            hastened: Mutex::default(),
        }
    }

    /// Whether what was read from the platform then is too old now to be shown without saying so.
    pub fn is_stale(&self, synced_at: Option<Timestamp>) -> bool {
        let now = self.clock.now();
        synced_at.is_none_or(|at| now.duration_since(at).unsigned_abs() > self.settings.stale_after)
    }

    /// Whether it is worth asking for a sync of the team now: syncs are on, and this process has not asked
    /// for as long as records take to become old.
    pub fn is_wanted(&self, team: TeamId) -> bool {
        if self.settings.interval.is_zero() {
            return false;
        }
        let now = self.clock.instant();
        let mut hastened = self.hastened.lock().unwrap_or_else(PoisonError::into_inner);
        let is_recent = |at: &Instant| now < at.plus(self.settings.stale_after);
        if hastened.get(&team).is_some_and(is_recent) {
            return false;
        }
        if hastened.len() >= TEAMS_REMEMBERED {
            hastened.retain(|_, at| is_recent(at));
        }
        hastened.insert(team, now);
        true
    }

    /// Makes the sync due, unless the last one ended a moment ago. It needs no rights: whoever may read may
    /// have what they read renewed.
    #[tracing::instrument(name = "usecase.reconciliation.hasten_sync", skip_all)]
    pub async fn run(&self, team: TeamId) -> Result<(), StoreError> {
        let mut transaction = self.unit_of_work.begin(WritePriority::Interactive).await?;
        transaction
            .reconciliation()
            .hasten_sync(team, self.settings.stale_after)
            .await?;
        match transaction.commit().await {
            Ok(()) | Err(domain::ports::CommitError::OutcomeUnknown(_)) => Ok(()),
            Err(domain::ports::CommitError::RolledBack(error)) => Err(error),
        }
    }
}
