//! Calls that leave nothing to read. One whose answer was lost is never sent again on a guess: only
//! the platform's tracking can show how it ended.

use crate::workflows::context::JobContext;
use crate::workflows::doubt::{
    TrackedEnd, is_same_identity, may_still_be_answered, other_identity, tracked_end,
};
use crate::workflows::payloads::Findings;
use crate::workflows::refusal::sent;
use crate::workflows::settings::WorkflowSettings;
use crate::workflows::step::{
    MutationStep, NotDone, ProofClass, Sent, Settled, Undo, WorkflowStep,
};
use async_trait::async_trait;
use domain::job::journal::StepAttempt;
use domain::planted::{self, Fault};
use domain::ports::{MutationOutcome, MutationTicket};
use std::time::Duration;

#[cfg(test)]
mod tests;

/// A call whose effect cannot be read.
#[async_trait]
pub(crate) trait BlindCall: Send + Sync + 'static {
    /// What it does, for the documentation.
    fn does(&self) -> &'static str;

    async fn call(&self, context: &JobContext<'_>, ticket: MutationTicket) -> MutationOutcome<()>;

    /// Why making it twice does no harm, when it does none.
    fn harmless_to_repeat(&self) -> Option<&'static str> {
        None
    }
}

/// A step that makes the call. There is nothing to take back, for that reason.
pub(crate) fn blind(
    name: impl Into<String>,
    call: impl BlindCall,
    why_not_undone: &'static str,
) -> WorkflowStep {
    WorkflowStep::mutate(name, Blind(call), Undo::Pivot(why_not_undone))
}

pub(crate) struct Blind<Call>(pub(crate) Call);

#[async_trait]
impl<Call: BlindCall> MutationStep for Blind<Call> {
    fn does(&self) -> &'static str {
        self.0.does()
    }

    fn proof(&self) -> ProofClass {
        ProofClass::Blind
    }

    fn answer_within(&self, settings: &WorkflowSettings) -> Duration {
        settings.answer_within_long
    }

    fn harmless_to_repeat(&self) -> Option<&'static str> {
        self.0.harmless_to_repeat()
    }

    async fn send(&self, context: &JobContext<'_>, ticket: MutationTicket) -> Sent {
        let outcome = self.0.call(context, ticket).await;
        sent(outcome, context.settings, |()| None)
    }

    async fn settle(
        &self,
        context: &JobContext<'_>,
        attempts: &[&StepAttempt],
        findings: &mut Findings,
    ) -> Result<Settled, NotDone> {
        let Some(newest) = attempts.last() else {
            return Ok(Settled::NotApplied);
        };
        if !is_same_identity(context, newest) {
            return Err(other_identity());
        }
        if planted::is_on(Fault::BlindCallRepeated) {
            return Ok(Settled::NotApplied);
        }
        match tracked_end(context, newest).await? {
            TrackedEnd::Running => Ok(Settled::Unknown),
            TrackedEnd::Well => Ok(Settled::Done(None)),
            TrackedEnd::InError => Ok(Settled::NotApplied),
            TrackedEnd::Untold if may_still_be_answered(newest, findings, context.clock.now()) => {
                Ok(Settled::Unknown)
            }
            TrackedEnd::Untold if self.0.harmless_to_repeat().is_some() => Ok(Settled::NotApplied),
            TrackedEnd::Untold => Err(NotDone::Attention {
                detail:
                    "its answer was lost, and nothing on the platform tells whether it happened"
                        .to_owned(),
            }),
        }
    }
}
