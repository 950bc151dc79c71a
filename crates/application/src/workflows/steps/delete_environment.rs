//! Takes back a creation: deletes exactly the incarnation that this job created.

use super::CREATE_ENVIRONMENT;
use crate::workflows::context::{ConfirmationError, JobContext};
use crate::workflows::doubt::{is_same_identity, may_still_be_answered, other_identity};
use crate::workflows::payloads::{CreateOutput, Findings};
use crate::workflows::refusal::{not_done_after, not_done_after_read, sent};
use crate::workflows::settings::WorkflowSettings;
use crate::workflows::step::{MutationStep, NotDone, ProofClass, Sent, Settled};
use async_trait::async_trait;
use domain::environment::ObservedState;
use domain::job::WaitReason;
use domain::job::journal::{Direction, StepAttempt};
use domain::ports::{MutationOutcome, MutationTicket, ObservedEnvironment, RefusalClass};
use std::time::Duration;

#[cfg(test)]
mod tests;

/// Deletes the environment that [`CREATE_ENVIRONMENT`] created.
pub(crate) struct DeleteEnvironment;

impl DeleteEnvironment {
    /// The incarnation this job created, when it still stands.
    async fn find_ours(context: &JobContext<'_>) -> Result<Option<ObservedEnvironment>, NotDone> {
        let created = context
            .journal
            .output_of::<CreateOutput>(CREATE_ENVIRONMENT);
        let Some(Ok(created)) = created else {
            return Err(NotDone::Attention {
                detail: "what the creation gave cannot be read, so it is unknown what to delete"
                    .to_owned(),
            });
        };
        let found = context
            .platform
            .environments()
            .observe_environment(&context.reference, &context.environment.short_domain)
            .await
            .map_err(|error| not_done_after_read(&error, context.settings))?;
        Ok(found.filter(|found| found.appid.0 == created.appid))
    }

    /// Whether the account that created it is the one that asks now: to another account it is
    /// invisible, not gone.
    fn is_gone_when_missing(context: &JobContext<'_>) -> bool {
        context
            .journal
            .latest(CREATE_ENVIRONMENT, Direction::Forward)
            .is_some_and(|created| is_same_identity(context, created))
    }
}

#[async_trait]
impl MutationStep for DeleteEnvironment {
    fn proof(&self) -> ProofClass {
        ProofClass::Named
    }

    fn answer_within(&self, settings: &WorkflowSettings) -> Duration {
        settings.answer_within_long
    }

    async fn send(&self, context: &JobContext<'_>, ticket: MutationTicket) -> Sent {
        match Self::find_ours(context).await {
            Err(not_done) => return Sent::NotDone(not_done),
            Ok(None) if Self::is_gone_when_missing(context) => return Sent::Done(None),
            Ok(None) => return Sent::NotDone(other_identity()),
            Ok(Some(found)) if found.state == ObservedState::Changing => {
                return Sent::NotDone(NotDone::Later {
                    reason: WaitReason::PlatformWork,
                    after: context.settings.poll_interval,
                    detail: "the platform is still changing the environment".to_owned(),
                });
            }
            Ok(Some(_)) => {}
        }
        let confirmation = match context.deletion_confirmation().await {
            Ok(confirmation) => confirmation,
            Err(ConfirmationError::Store(error)) => {
                return Sent::NotDone(NotDone::Later {
                    reason: WaitReason::PlatformUnavailable,
                    after: context.settings.poll_interval,
                    detail: error.to_string(),
                });
            }
            Err(ConfirmationError::Unavailable) => {
                return Sent::NotDone(NotDone::Attention {
                    detail: "the deletion cannot be confirmed to the platform; the environment \
                             stands and has to be deleted by hand"
                        .to_owned(),
                });
            }
        };
        let outcome = context
            .platform
            .environments()
            .delete_environment(
                &context.reference,
                ticket,
                &context.environment.short_domain,
                confirmation,
            )
            .await;
        match &outcome {
            MutationOutcome::Refused(refusal) if refusal.class == RefusalClass::NotFound => {
                Sent::Done(None)
            }
            MutationOutcome::Refused(refusal) => {
                Sent::NotDone(as_attention(not_done_after(refusal, context.settings)))
            }
            _ => sent(outcome, context.settings, |()| None),
        }
    }

    /// Gone is gone: the incarnation existed, so not finding it is proof.
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
        Ok(match Self::find_ours(context).await? {
            None => Settled::Done(None),
            Some(found) if found.state == ObservedState::Changing => Settled::Unknown,
            Some(_) if may_still_be_answered(newest, findings, context.clock.now()) => {
                Settled::Unknown
            }
            Some(_) => Settled::NotApplied,
        })
    }
}

/// An undo that is refused for good leaves something behind: a person has to know.
fn as_attention(not_done: NotDone) -> NotDone {
    match not_done {
        NotDone::Failed(failure) => NotDone::Attention {
            detail: format!("the environment could not be deleted: {}", failure.detail),
        },
        other => other,
    }
}
