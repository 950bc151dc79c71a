//! Takes what is due as long as there is room.

use crate::Worker;
use crate::active_runs::ActiveRun;
use domain::job::{JobKind, JobPool};
use domain::ports::{ClaimRequest, ClaimedJob};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use telemetry::names::metrics::{JOB_START_WAIT, JOB_TAKEOVER, LABEL_KIND};
use tokio_util::sync::CancellationToken;

/// The fence of a job that nobody had before.
const FIRST_FENCE: i64 = 1;

/// A job that is due and was not claimed waits for its turn; the end of the run that holds the turn
/// wakes the worker, so asking again at once would only spin.
const BLOCKED_RETRY: Duration = Duration::from_millis(250);

impl Worker {
    pub(crate) async fn claim_until(&self, shutdown: &CancellationToken) {
        loop {
            let claimed = self.claim().await;
            if shutdown.is_cancelled() {
                for job in claimed {
                    self.start(job);
                }
                return;
            }
            let has_claimed = !claimed.is_empty();
            for job in claimed {
                self.start(job);
            }
            if has_claimed && self.room() > 0 {
                continue;
            }
            let pause = self.pause().await;
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = self.active.changed() => {}
                () = self.wake_up.wait(pause) => {}
            }
        }
    }

    fn room(&self) -> u32 {
        let active = u32::try_from(self.active.len()).unwrap_or(u32::MAX);
        self.settings.concurrency.saturating_sub(active)
    }

    fn background_room(&self) -> u32 {
        let active = u32::try_from(self.active.len_of(JobPool::Background)).unwrap_or(u32::MAX);
        self.settings.background.saturating_sub(active)
    }

    async fn claim(&self) -> Vec<(ClaimedJob, domain::ports::Instant)> {
        let limit = self.room();
        if limit == 0 || !self.has_given_unheard_claims_back().await {
            return Vec::new();
        }
        // The lease counts from before the claim, so it never seems longer than it is.
        let claimed_at = self.clock.instant();
        let background_limit = self.background_room();
        let has_place = |kind: JobKind| kind.pool() == JobPool::Interactive || background_limit > 0;
        let kinds = self.settings.kinds.iter().copied();
        let request = ClaimRequest {
            process_id: self.process_id,
            // Jobs without a place would stand in front of those that have one.
            kinds: kinds.filter(|(kind, _)| has_place(*kind)).collect(),
            limit,
            background_limit,
            rooms: self.settings.rooms,
        };
        match self.job_queue.claim_jobs(&request).await {
            Ok(jobs) => jobs.into_iter().map(|job| (job, claimed_at)).collect(),
            Err(error) => {
                tracing::warn!(error = %error, "jobs cannot be claimed just now");
                self.has_unheard_claim.store(true, Ordering::Release);
                Vec::new()
            }
        }
    }

    /// A claim whose answer was lost may have given this process jobs that it does not know of. Nobody runs them,
    /// and nobody died of them: they are given back before the next claim.
    async fn has_given_unheard_claims_back(&self) -> bool {
        if !self.has_unheard_claim.load(Ordering::Acquire) {
            return true;
        }
        let running: Vec<_> = self
            .active
            .list()
            .iter()
            .map(|run| run.hold.job_id)
            .collect();
        let given_back = self
            .job_queue
            .expire_leases_of(self.process_id, &running)
            .await;
        let is_done = given_back.is_ok();
        self.has_unheard_claim.store(!is_done, Ordering::Release);
        is_done
    }

    /// Until the next job may be due, at most the poll interval.
    async fn pause(&self) -> Duration {
        if self.room() == 0 {
            return self.settings.poll_interval;
        }
        match self.job_queue.next_due_in().await {
            Ok(Some(due)) if due.is_zero() => BLOCKED_RETRY.min(self.settings.poll_interval),
            Ok(Some(due)) => due.min(self.settings.poll_interval),
            Ok(None) | Err(_) => self.settings.poll_interval,
        }
    }

    /// How long it waited for a worker, at its first claim, and how long it lay when its holder is dead.
    fn measure(&self, claimed: &ClaimedJob) {
        if claimed.hold.fence == FIRST_FENCE {
            let waited = self.clock.now().duration_since(claimed.job.created_at);
            let kind = claimed.job.kind.as_str();
            metrics::histogram!(JOB_START_WAIT, LABEL_KIND => kind)
                .record(waited.as_secs_f64().max(0.0));
        }
        if let Some(lay) = claimed.taken_over_after {
            metrics::histogram!(JOB_TAKEOVER).record(lay.as_secs_f64());
        }
    }

    fn start(&self, (claimed, claimed_at): (ClaimedJob, domain::ports::Instant)) {
        self.measure(&claimed);
        let lease = Arc::new(application::workflows::Lease::default());
        lease.renewed_until(claimed_at.plus(domain::limits::JOB_LEASE));
        let run = ActiveRun {
            hold: claimed.hold,
            pool: claimed.job.kind.pool(),
            lease: Arc::clone(&lease),
            claimed_at,
        };
        self.active.add(run);
        self.tasks.spawn(self.clone().run_job(claimed, lease));
    }
}
