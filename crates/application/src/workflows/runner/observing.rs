//! Telling whoever measures how work on steps ends.

use super::{Run, WorkflowRunner};
use domain::job::journal::StepAttempt;
use domain::ports::{Observation, StepOutcome};
use std::time::Duration;

impl WorkflowRunner {
    pub(super) fn observe_step(
        &self,
        run: &Run<'_>,
        step: &str,
        outcome: StepOutcome,
        took: Option<Duration>,
    ) {
        self.observer.observe(&Observation::StepEnded {
            kind: run.job.kind,
            step,
            outcome,
            took,
        });
    }

    /// The same for an attempt whose end was found out later.
    pub(super) fn observe_attempt(
        &self,
        run: &Run<'_>,
        attempt: &StepAttempt,
        outcome: StepOutcome,
    ) {
        let since = self.clock.now().duration_since(attempt.started_at);
        let took = Duration::try_from(since).ok();
        self.observe_step(run, &attempt.step, outcome, took);
    }
}
