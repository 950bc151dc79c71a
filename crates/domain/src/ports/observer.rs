//! What use cases and workflows tell whoever measures them.

use crate::job::JobKind;
use crate::trace_parent::TraceParent;
use std::time::Duration;

/// How the work on a step came to an end, for now or for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepOutcome {
    /// It is done, and that is written down.
    Done,
    /// The platform's answer leaves open whether it happened.
    InDoubt,
    /// It surely did not happen, and is tried again.
    NotApplied,
    /// It waits: for the platform, for the owner, for a pause to end.
    PutOff,
    /// It failed.
    Failed,
    /// A person has to look.
    Attention,
}

impl StepOutcome {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Done,
        Self::InDoubt,
        Self::NotApplied,
        Self::PutOff,
        Self::Failed,
        Self::Attention,
    ];

    /// The stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::InDoubt => "in_doubt",
            Self::NotApplied => "not_applied",
            Self::PutOff => "put_off",
            Self::Failed => "failed",
            Self::Attention => "attention",
        }
    }
}

/// How an attempt to sign in to the platform again ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenewalOutcome {
    /// There is a new session.
    Renewed,
    /// The platform refuses the credential: the owner has to connect again.
    Refused,
    /// The platform or the store did not answer.
    Unavailable,
}

impl RenewalOutcome {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Renewed, Self::Refused, Self::Unavailable];

    /// The stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Renewed => "renewed",
            Self::Refused => "refused",
            Self::Unavailable => "unavailable",
        }
    }
}

/// Something that happened and may be counted. What it names is of closed sets: no team, no environment, no job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Observation<'a> {
    /// Work on a step of a job ended.
    StepEnded {
        /// The kind of the job.
        kind: JobKind,
        /// The step, by its name in the workflow.
        step: &'a str,
        /// How.
        outcome: StepOutcome,
        /// Since it began; of a call in doubt, since the call was to leave. None when it did not begin.
        took: Option<Duration>,
    },
    /// A worker that had been replaced was still making a call when the step was tried again: it may have happened
    /// twice.
    CallWasLate,
    /// A session of the platform was to be renewed.
    SessionRenewal(RenewalOutcome),
    /// A team had asked the platform too often.
    PlatformBudgetSpent,
}

/// Is told what happened, after the fact. It must neither block nor fail, and nothing depends on what it does.
pub trait Observer: Send + Sync {
    /// Takes note of it.
    fn observe(&self, observation: &Observation<'_>);
    /// Where what goes on now stands in a trace; `None` while nobody follows any.
    fn trace_parent(&self) -> Option<TraceParent>;
}

/// For where nobody measures: commands that end at once.
#[derive(Debug, Clone, Copy)]
pub struct NoObserver;

impl Observer for NoObserver {
    fn observe(&self, _: &Observation<'_>) {}

    fn trace_parent(&self) -> Option<TraceParent> {
        None
    }
}

/// Remembers what it is told.
#[cfg(feature = "mocks")]
#[derive(Debug, Default)]
pub struct MockObserver {
    told: std::sync::Mutex<Vec<String>>,
    /// Where everything stands that goes on.
    pub trace_parent: Option<TraceParent>,
}

#[cfg(feature = "mocks")]
impl MockObserver {
    /// Everything so far, in order: of a step its name and outcome, of the rest the text form of it.
    pub fn told(&self) -> Vec<String> {
        let told = self.told.lock();
        told.unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone()
    }
}

#[cfg(feature = "mocks")]
impl Observer for MockObserver {
    fn observe(&self, observation: &Observation<'_>) {
        let text = match observation {
            Observation::StepEnded { step, outcome, .. } => format!("{step}: {}", outcome.as_str()),
            other => format!("{other:?}"),
        };
        let told = self.told.lock();
        told.unwrap_or_else(std::sync::PoisonError::into_inner)
            .push(text);
    }

    fn trace_parent(&self) -> Option<TraceParent> {
        self.trace_parent.clone()
    }
}
