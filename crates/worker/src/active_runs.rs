//! The jobs that this process is running now.

use application::workflows::Lease;
use domain::ids::JobId;
use domain::job::JobPool;
use domain::ports::{Instant, JobHold};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

/// One running job.
#[derive(Debug, Clone)]
pub(crate) struct ActiveRun {
    pub(crate) hold: JobHold,
    pub(crate) pool: JobPool,
    pub(crate) lease: Arc<Lease>,
    /// When it was claimed, on our own clock.
    pub(crate) claimed_at: Instant,
}

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct ActiveRuns {
    runs: Mutex<HashMap<JobId, ActiveRun>>,
    changed: Notify,
}

impl ActiveRuns {
    fn with<Value>(&self, use_runs: impl FnOnce(&mut HashMap<JobId, ActiveRun>) -> Value) -> Value {
        use_runs(&mut self.runs.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds a run; an older run of the same job is told that it lost its hold.
    pub(crate) fn add(&self, run: ActiveRun) {
        if let Some(older) = self.with(|runs| runs.insert(run.hold.job_id, run)) {
            older.lease.lose();
        }
    }

    /// Removes a run, unless a newer one of the same job has taken its place.
    pub(crate) fn remove(&self, hold: &JobHold) {
        self.with(|runs| {
            if runs
                .get(&hold.job_id)
                .is_some_and(|run| run.hold.fence == hold.fence)
            {
                runs.remove(&hold.job_id);
            }
        });
        self.changed.notify_one();
    }

    /// Whether this very hold is still being run: it may have ended meanwhile.
    pub(crate) fn is_current(&self, hold: &JobHold) -> bool {
        self.with(|runs| {
            runs.get(&hold.job_id)
                .is_some_and(|run| run.hold.fence == hold.fence)
        })
    }

    pub(crate) fn list(&self) -> Vec<ActiveRun> {
        self.with(|runs| runs.values().cloned().collect())
    }

    pub(crate) fn len(&self) -> usize {
        self.with(|runs| runs.len())
    }

    pub(crate) fn len_of(&self, pool: JobPool) -> usize {
        self.with(|runs| runs.values().filter(|run| run.pool == pool).count())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns when a run was removed, possibly before the call.
    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }
}
