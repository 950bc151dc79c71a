#![doc = include_str!("../README.md")]

mod active_runs;
mod claiming;
mod heartbeat;
mod job_run;
mod sync_schedule;
#[cfg(test)]
mod tests;
mod webhook_dispatch;

use application::reconciliation::StartDueSyncs;
use application::workflows::{StopSignal, WorkflowRunner};
use domain::ids::ProcessId;
use domain::job::JobKind;
use domain::ports::{Clock, JobQueue, JobRooms, WakeUp};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use active_runs::ActiveRuns;

pub use webhook_dispatch::WebhookDispatch;

/// How a worker behaves.
#[derive(Debug, Clone)]
pub struct WorkerSettings {
    /// Jobs that run at once in this process.
    pub concurrency: u32,
    /// Most of them of the background; what is left is for jobs that somebody waits for.
    pub background: u32,
    /// How many jobs may run at once in all processes.
    pub rooms: JobRooms,
    /// The queue is looked at this often when no wake-up comes.
    pub poll_interval: Duration,
    /// How long running steps may take to come to a boundary at shutdown.
    pub drain_timeout: Duration,
    /// The kinds to take, each with the highest version known.
    pub kinds: Vec<(JobKind, i32)>,
}

/// Claims jobs and runs their workflows.
#[derive(Clone)]
pub struct Worker {
    process_id: ProcessId,
    job_queue: Arc<dyn JobQueue>,
    wake_up: Arc<dyn WakeUp>,
    clock: Arc<dyn Clock>,
    runner: Arc<WorkflowRunner>,
    settings: WorkerSettings,
    active: Arc<ActiveRuns>,
    stop: Arc<StopSignal>,
    /// Whether jobs may be held of which this process was not told.
    has_unheard_claim: Arc<AtomicBool>,
    tasks: TaskTracker,
    /// None where syncs do not come by themselves.
    due_syncs: Option<StartDueSyncs>,
}

impl Worker {
    /// A worker of this process. Nothing happens before [`Worker::run`].
    pub fn new(
        process_id: ProcessId,
        job_queue: Arc<dyn JobQueue>,
        wake_up: Arc<dyn WakeUp>,
        clock: Arc<dyn Clock>,
        runner: WorkflowRunner,
        settings: WorkerSettings,
    ) -> Self {
        Self {
            process_id,
            job_queue,
            wake_up,
            clock,
            runner: Arc::new(runner),
            settings,
            active: Arc::default(),
            stop: Arc::default(),
            has_unheard_claim: Arc::default(),
            tasks: TaskTracker::new(),
            due_syncs: None,
        }
    }

    /// The same worker, which also starts syncs when their time has come.
    #[must_use]
    pub fn with_due_syncs(self, due_syncs: StartDueSyncs) -> Self {
        Self {
            due_syncs: Some(due_syncs),
            ..self
        }
    }

    /// Works until `shutdown` is cancelled; then gives every job back at its next boundary. What is
    /// still in a call after the drain time is left to its lease, which is ended at once: its
    /// journal tells the next holder the truth.
    pub async fn run(self, shutdown: CancellationToken) {
        let heartbeat = self.tasks.spawn(self.clone().keep_leases());
        let syncs = self.tasks.spawn(self.clone().keep_syncing());
        self.claim_until(&shutdown).await;
        syncs.abort();
        self.stop.raise();
        let drained = async {
            while !self.active.is_empty() {
                self.active.changed().await;
            }
        };
        if tokio::time::timeout(self.settings.drain_timeout, drained)
            .await
            .is_err()
        {
            tracing::warn!(
                jobs = self.active.len(),
                "shutting down while jobs are in a call"
            );
        }
        heartbeat.abort();
        if let Err(error) = self.job_queue.expire_leases_of(self.process_id, &[]).await {
            tracing::warn!(error = %error, "leases could not be given back; they will run out");
        }
    }
}
