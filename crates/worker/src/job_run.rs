//! One claimed job, isolated: whatever happens in it, the worker goes on.

use crate::Worker;
use application::workflows::{Lease, RunEnd, RunError};
use domain::job::JobState;
use domain::ports::ClaimedJob;
use futures::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use telemetry::error_chain::ErrorChain;
use telemetry::names::metrics as names;
use tracing::Instrument;

/// A store that has just come back is not asked for everything at once.
const RETRY_AFTER: Duration = Duration::from_secs(1);
const HAND_BACK_RETRY: Duration = Duration::from_millis(500);

impl Worker {
    pub(crate) async fn run_job(self, claimed: ClaimedJob, lease: Arc<Lease>) {
        let kind = claimed.job.kind.as_str();
        let span = tracing::info_span!(
            "job",
            job.kind = kind,
            job.id = %claimed.hold.job_id,
            team.id = %claimed.hold.team_id,
            job.fence = claimed.hold.fence,
            otel.name = telemetry::names::spans::job(kind).as_str(),
        );
        if let Some(accepted_at) = &claimed.job.trace_parent {
            telemetry::traces::link(&span, accepted_at.as_str());
        }
        let run = self.runner.run(&claimed, &lease, &self.stop);
        let end = AssertUnwindSafe(run)
            .catch_unwind()
            .instrument(span.clone())
            .await;
        span.in_scope(|| match &end {
            Ok(Ok(RunEnd::AtRest(state))) => self.count_finished(&claimed, *state),
            Ok(Ok(RunEnd::GivenBack)) => {}
            Ok(Err(RunError::HoldLost)) => {
                ::metrics::counter!(names::JOB_FENCE_LOSSES).increment(1);
                tracing::warn!("the job was taken over by another worker");
            }
            Ok(Err(error)) => {
                let cause = ErrorChain(error).to_string();
                tracing::warn!(error = cause, "a run was broken off");
            }
            Err(_panic) => {
                tracing::error!("a run panicked; its lease runs out and counts as a death");
            }
        });
        if matches!(&end, Ok(Err(error)) if error.is_outage()) {
            self.hand_back(&claimed).instrument(span).await;
        }
        self.active.remove(&claimed.hold);
        // Its turns may be free now, or it may be due again: others can be first in line.
        self.wake_up.wake().await;
    }

    /// Nothing is wrong with the job, so that nobody died of it: it is given back as soon as the store takes
    /// it, or left to whoever has claimed it by then.
    async fn hand_back(&self, claimed: &ClaimedJob) {
        while !self.stop.is_raised() {
            match self.job_queue.hand_back(&claimed.hold, RETRY_AFTER).await {
                Ok(()) => return,
                Err(_still_out) => self.clock.sleep(HAND_BACK_RETRY).await,
            }
        }
    }

    fn count_finished(&self, claimed: &ClaimedJob, state: JobState) {
        let (kind, outcome) = (claimed.job.kind.as_str(), state.as_str());
        ::metrics::counter!(names::JOBS_FINISHED, "kind" => kind, "outcome" => outcome)
            .increment(1);
        let age = self.clock.now().duration_since(claimed.job.created_at);
        ::metrics::histogram!(names::JOB_DURATION, "kind" => kind, "outcome" => outcome)
            .record(age.as_secs_f64());
    }
}
