//! Starting the syncs whose time has come.

use crate::reconciliation::plan_sync;
use crate::workflows::SyncSettings;
use domain::access::{PermissionSet, Principal};
use domain::ids::TeamId;
use domain::job::{Job, JobProgress, JobState};
use domain::names::PlatformName;
use domain::ports::{
    Clock, CommitError, Conflict, IdSource, ReadModel, StoreError, UnitOfWork, WakeUp,
    WritePriority, new_id,
};
use std::collections::HashMap;
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Most teams that are looked at at a time.
const TEAMS_AT_A_TIME: u32 = 100;

/// Starts a sync for every team that is due, as many as a platform bears at a time. Any number of
/// processes may do so at once: a team has one sync at a time, by a rule of the store.
#[derive(Clone)]
pub struct StartDueSyncs {
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// Who is due.
    pub read_model: Arc<dyn ReadModel>,
    /// Tells the workers.
    pub wake_up: Arc<dyn WakeUp>,
    /// Identifiers.
    pub ids: Arc<dyn IdSource>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// How often, and how many at a time.
    pub settings: SyncSettings,
}

impl StartDueSyncs {
    /// Returns how many were started. Repeating it does no harm. Syncs are Windlass' own work: they need no
    /// rights, take no turn and count in no backlog.
    #[tracing::instrument(
        name = "usecase.reconciliation.start_due_syncs",
        level = "debug",
        skip_all
    )]
    pub async fn run(&self) -> Result<usize, StoreError> {
        let due = self.read_model.list_due_syncs(TEAMS_AT_A_TIME).await?;
        if due.is_empty() {
            return Ok(0);
        }
        let live = self.read_model.count_live_syncs().await?;
        let mut live: HashMap<PlatformName, i64> = live.into_iter().collect();
        let mut started = 0;
        for sync in due {
            let running = live.entry(sync.platform).or_default();
            if *running >= i64::from(self.settings.at_a_time) {
                continue;
            }
            if self.start(sync.team_id).await? {
                *running += 1;
                started += 1;
            }
        }
        if started > 0 {
            self.wake_up.wake().await;
        }
        Ok(started)
    }

    /// `false` when another process was faster.
    async fn start(&self, team: TeamId) -> Result<bool, StoreError> {
        let mut transaction = self.unit_of_work.begin(WritePriority::Worker).await?;
        let planned = plan_sync(team);
        let job = Job {
            id: new_id(&*self.ids),
            team_id: team,
            kind: planned.kind,
            kind_version: planned.kind.version(),
            state: JobState::Queued,
            environment_id: None,
            principal: Principal::System,
            required_permissions: PermissionSet::NONE,
            payload: planned.payload,
            progress: JobProgress::default(),
            waiting_for: None,
            failure: None,
            attention: None,
            is_cancel_requested: false,
            retry_of: None,
            trace_parent: None,
            created_at: self.clock.now(),
            started_at: None,
            finished_at: None,
            log_sequence: 0,
            version: 1,
        };
        match transaction.jobs().enqueue_job(&job, &planned.turns).await {
            Ok(()) => {}
            Err(StoreError::Conflict(Conflict::LiveSync)) => return Ok(false),
            Err(error) => return Err(error),
        }
        // Whatever becomes of it, the next one comes an interval later.
        transaction
            .reconciliation()
            .set_next_sync(team, self.settings.interval)
            .await?;
        match transaction.commit().await {
            Ok(()) => Ok(true),
            Err(CommitError::RolledBack(error)) => Err(error),
            // If it was not stored, the team is still due.
            Err(CommitError::OutcomeUnknown(_)) => Ok(false),
        }
    }
}
