//! Steps that want a thing on the platform to be in a certain state: what stands there is read first,
//! asked for only when it differs, and read again when the answer was lost. Taking back restores what
//! was read before the first attempt, and only that.

use crate::workflows::context::JobContext;
use crate::workflows::doubt::{is_same_identity, may_still_be_answered, other_identity};
use crate::workflows::payloads::{Baseline, Findings};
use crate::workflows::refusal::sent;
use crate::workflows::settings::WorkflowSettings;
use crate::workflows::step::{
    MutationStep, NotDone, ProofClass, Sent, Settled, Undo, WorkflowStep,
};
use async_trait::async_trait;
use domain::job::journal::{Direction, StepAttempt};
use domain::ports::{MutationOutcome, MutationTicket};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;

#[cfg(test)]
mod tests;

/// A state that a step wants on the platform.
#[async_trait]
pub(crate) trait DesiredState: Send + Sync + Sized + 'static {
    /// What reaching it does, for the documentation.
    fn does(&self) -> &'static str;

    /// What can be read of the thing; journaled as the baseline, so it holds no secret.
    type Seen: Serialize + DeserializeOwned + Send + Sync;

    /// How long the platform may take to answer.
    fn answer_within(&self, settings: &WorkflowSettings) -> Duration {
        settings.answer_within_short
    }

    /// Reads the thing.
    async fn look(&self, context: &JobContext<'_>) -> Result<Self::Seen, NotDone>;

    /// Whether that is what is wanted.
    fn is_reached(&self, seen: &Self::Seen) -> bool;

    /// What stands in the way before it is asked for at all.
    async fn check(&self, _context: &JobContext<'_>, _seen: &Self::Seen) -> Result<(), NotDone> {
        Ok(())
    }

    /// Asks for it. Idempotent in effect.
    async fn ask(
        &self,
        context: &JobContext<'_>,
        ticket: MutationTicket,
    ) -> Result<MutationOutcome<()>, NotDone>;

    /// What has to be wanted to have again what was seen before; `None` when one call cannot bring
    /// it back.
    fn inverse(&self, _before: Self::Seen) -> Option<Self> {
        None
    }
}

/// A step that reaches a state, taken back by what stood there before; `takes_back` says how, for the
/// documentation.
pub(crate) fn desired<State: DesiredState + Clone>(
    name: &'static str,
    state: State,
    takes_back: &'static str,
) -> WorkflowStep {
    let restore = Restore {
        step: name,
        takes_back,
        state: state.clone(),
    };
    WorkflowStep::mutate(name, Reach(state), Undo::With(Box::new(restore)))
}

/// Reaches a state.
pub(crate) struct Reach<State>(pub(crate) State);

#[async_trait]
impl<State: DesiredState> MutationStep for Reach<State> {
    fn does(&self) -> &'static str {
        self.0.does()
    }

    fn proof(&self) -> ProofClass {
        ProofClass::DesiredState
    }

    fn answer_within(&self, settings: &WorkflowSettings) -> Duration {
        self.0.answer_within(settings)
    }

    async fn baseline(&self, context: &JobContext<'_>) -> Result<Baseline, NotDone> {
        let seen = self.0.look(context).await?;
        if !self.0.is_reached(&seen) {
            self.0.check(context, &seen).await?;
        }
        Ok(Baseline {
            installed_before: None,
            seen_before: serde_json::to_string(&seen).ok(),
        })
    }

    /// What is there already is not asked for.
    async fn send(&self, context: &JobContext<'_>, ticket: MutationTicket) -> Sent {
        let attempt = context.journal.find(ticket.attempt);
        let seen = attempt.and_then(seen_before::<State>);
        if seen.is_some_and(|seen| self.0.is_reached(&seen)) {
            return Sent::Done(None);
        }
        ask(&self.0, context, ticket).await
    }

    async fn settle(
        &self,
        context: &JobContext<'_>,
        attempts: &[&StepAttempt],
        findings: &mut Findings,
    ) -> Result<Settled, NotDone> {
        settle(&self.0, context, attempts, findings).await
    }
}

/// Takes back what [`Reach`] changed.
struct Restore<State> {
    step: &'static str,
    takes_back: &'static str,
    state: State,
}

impl<State: DesiredState> Restore<State> {
    /// What has to be wanted to have what the first attempt found, when that was something else.
    /// Later attempts may have found the fruit of an earlier one.
    fn wanted(&self, context: &JobContext<'_>) -> Result<Option<State>, NotDone> {
        let attempts = context.journal.attempts(self.step, Direction::Forward);
        let before = attempts.first().copied().and_then(seen_before::<State>);
        if before
            .as_ref()
            .is_some_and(|before| self.state.is_reached(before))
        {
            return Ok(None);
        }
        let wanted = before.and_then(|before| self.state.inverse(before));
        wanted.map(Some).ok_or_else(|| NotDone::Attention {
            detail: "what stood there before is not known well enough to be put back".to_owned(),
        })
    }
}

#[async_trait]
impl<State: DesiredState> MutationStep for Restore<State> {
    fn does(&self) -> &'static str {
        self.takes_back
    }

    fn proof(&self) -> ProofClass {
        ProofClass::DesiredState
    }

    fn answer_within(&self, settings: &WorkflowSettings) -> Duration {
        self.state.answer_within(settings)
    }

    async fn send(&self, context: &JobContext<'_>, ticket: MutationTicket) -> Sent {
        match self.wanted(context) {
            Err(not_done) => Sent::NotDone(not_done),
            Ok(None) => Sent::Done(None),
            Ok(Some(state)) => ask(&state, context, ticket).await,
        }
    }

    async fn settle(
        &self,
        context: &JobContext<'_>,
        attempts: &[&StepAttempt],
        findings: &mut Findings,
    ) -> Result<Settled, NotDone> {
        match self.wanted(context)? {
            None => Ok(Settled::Done(None)),
            Some(state) => settle(&state, context, attempts, findings).await,
        }
    }
}

async fn ask<State: DesiredState>(
    state: &State,
    context: &JobContext<'_>,
    ticket: MutationTicket,
) -> Sent {
    match state.ask(context, ticket).await {
        Ok(outcome) => sent(outcome, context.settings, |()| None),
        Err(not_done) => Sent::NotDone(not_done),
    }
}

async fn settle<State: DesiredState>(
    state: &State,
    context: &JobContext<'_>,
    attempts: &[&StepAttempt],
    findings: &Findings,
) -> Result<Settled, NotDone> {
    let Some(newest) = attempts.last() else {
        return Ok(Settled::NotApplied);
    };
    if !is_same_identity(context, newest) {
        return Err(other_identity());
    }
    let seen = state.look(context).await?;
    Ok(if state.is_reached(&seen) {
        Settled::Done(None)
    } else if may_still_be_answered(newest, findings, context.clock.now()) {
        Settled::Unknown
    } else {
        Settled::NotApplied
    })
}

fn seen_before<State: DesiredState>(attempt: &StepAttempt) -> Option<State::Seen> {
    let text = Baseline::of(attempt).seen_before?;
    serde_json::from_str(&text).ok()
}
