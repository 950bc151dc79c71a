//! What use cases and workflows tell, as metrics; and where they stand in a trace.

use domain::ports::{Observation, Observer, RenewalOutcome};
use domain::rate_limit::RateScope;
use domain::trace_parent::TraceParent;
use telemetry::names::metrics as names;

/// Counts observations in the recorder of the process.
pub(super) struct MetricsObserver;

impl MetricsObserver {
    /// Shows what alerts watch as zero before it first happens: who only sees a series appear sees no increase.
    pub(super) fn start() -> Self {
        metrics::counter!(names::JOB_LATE_CALLS).increment(0);
        for outcome in RenewalOutcome::ALL.map(RenewalOutcome::as_str) {
            metrics::counter!(names::PLATFORM_SESSION_RENEWALS, names::LABEL_OUTCOME => outcome)
                .increment(0);
        }
        metrics::counter!(names::KEY_RINGS_REFUSED).increment(0);
        Self
    }
}

impl Observer for MetricsObserver {
    fn trace_parent(&self) -> Option<TraceParent> {
        telemetry::traces::current_parent()
            .as_deref()
            .and_then(TraceParent::parse)
    }

    fn observe(&self, observation: &Observation<'_>) {
        match *observation {
            Observation::StepEnded {
                kind,
                step,
                outcome,
                took,
            } => {
                let (kind, step) = (kind.as_str(), step.to_owned());
                if let Some(took) = took {
                    metrics::histogram!(
                        names::JOB_STEP_DURATION,
                        names::LABEL_KIND => kind,
                        names::LABEL_STEP => step.clone(),
                    )
                    .record(took.as_secs_f64());
                }
                metrics::counter!(
                    names::JOB_STEPS,
                    names::LABEL_KIND => kind,
                    names::LABEL_STEP => step,
                    names::LABEL_OUTCOME => outcome.as_str(),
                )
                .increment(1);
            }
            Observation::CallWasLate => metrics::counter!(names::JOB_LATE_CALLS).increment(1),
            Observation::SessionRenewal(outcome) => {
                let outcome = outcome.as_str();
                metrics::counter!(names::PLATFORM_SESSION_RENEWALS, names::LABEL_OUTCOME => outcome)
                    .increment(1);
            }
            Observation::PlatformBudgetSpent => {
                let policy = RateScope::PlatformReads.as_str();
                metrics::counter!(names::RATE_LIMIT_REFUSALS, names::LABEL_POLICY => policy)
                    .increment(1);
            }
        }
    }
}
