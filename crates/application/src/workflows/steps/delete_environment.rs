//! Deletes exactly one incarnation: the one that the job made, or the one that it was told.

use crate::workflows::context::{ConfirmationError, JobContext};
use crate::workflows::doubt::{is_same_identity, may_still_be_answered, other_identity};
use crate::workflows::payloads::{CreateOutput, Findings};
use crate::workflows::refusal::{
    failure_without_answer, not_done_after, not_done_after_read, sent,
};
use crate::workflows::settings::WorkflowSettings;
use crate::workflows::step::{MutationStep, NotDone, ProofClass, Sent, Settled};
use async_trait::async_trait;
use domain::environment::{ObservedState, PlatformAppId};
use domain::error_code::ErrorCode;
use domain::job::WaitReason;
use domain::job::journal::{Direction, StepAttempt};
use domain::planted::{self, Fault};
use domain::ports::{MutationOutcome, MutationTicket, ObservedEnvironment, RefusalClass};
use std::time::Duration;

#[cfg(test)]
mod tests;

/// The version of the credential that an account was first connected with.
const FIRST_CREDENTIAL: i64 = 1;

/// Deletes one incarnation of the environment of the job.
pub(crate) enum DeleteEnvironment {
    /// What this step of the job made.
    MadeBy(&'static str),
    /// What is known by this key.
    Known(PlatformAppId),
}

impl DeleteEnvironment {
    fn appid(&self, context: &JobContext<'_>) -> Result<PlatformAppId, NotDone> {
        match self {
            Self::Known(appid) => Ok(appid.clone()),
            Self::MadeBy(step) => match context.journal.output_of::<CreateOutput>(step) {
                Some(Ok(created)) => Ok(PlatformAppId(created.appid)),
                _ => Err(NotDone::Attention {
                    detail:
                        "what the creation gave cannot be read, so it is unknown what to delete"
                            .to_owned(),
                }),
            },
        }
    }

    /// The incarnation, when it still stands.
    async fn find_ours(
        &self,
        context: &JobContext<'_>,
    ) -> Result<Option<ObservedEnvironment>, NotDone> {
        let appid = self.appid(context)?;
        let found = context
            .platform
            .environments()
            .observe_environment(&context.reference, &context.environment().short_domain)
            .await
            .map_err(|error| not_done_after_read(&error, context.settings))?;
        let is_ours = |found: &ObservedEnvironment| {
            found.appid == appid || planted::is_on(Fault::IncarnationIgnored)
        };
        Ok(found.filter(is_ours))
    }

    /// What it means that nothing is found before anything was sent. To another account than the one
    /// that created it, it is invisible and not gone.
    fn when_missing(&self, context: &JobContext<'_>) -> Sent {
        let is_gone = match self {
            Self::MadeBy(step) => context
                .journal
                .latest(step, Direction::Forward)
                .is_some_and(|created| is_same_identity(context, created)),
            // No other credential was ever in force, so no other account can have created it.
            Self::Known(_) => context.account.credential_version == FIRST_CREDENTIAL,
        };
        match self {
            _ if is_gone => Sent::Done(None),
            Self::MadeBy(_) => Sent::NotDone(other_identity()),
            Self::Known(_) => Sent::NotDone(NotDone::Failed(failure_without_answer(
                ErrorCode::EnvironmentNotVisible,
                "the connected platform account does not have this environment: it was deleted \
                 elsewhere, or belongs to another account; nothing was deleted",
            ))),
        }
    }

    /// An undo that is refused for good leaves something behind: a person has to know.
    fn refused(&self, not_done: NotDone) -> NotDone {
        match (self, not_done) {
            (Self::MadeBy(_), NotDone::Failed(failure)) => NotDone::Attention {
                detail: format!("the environment could not be deleted: {}", failure.detail),
            },
            (_, other) => other,
        }
    }
}

#[async_trait]
impl MutationStep for DeleteEnvironment {
    fn does(&self) -> &'static str {
        match self {
            Self::MadeBy(_) => "deletes exactly this incarnation",
            Self::Known(_) => {
                "deletes the incarnation that was known at acceptance, and no other; fails with \
                 `environment-not-visible` when the account does not have it and may be another one \
                 than created it"
            }
        }
    }

    fn proof(&self) -> ProofClass {
        ProofClass::Named
    }

    fn answer_within(&self, settings: &WorkflowSettings) -> Duration {
        settings.answer_within_long
    }

    async fn send(&self, context: &JobContext<'_>, ticket: MutationTicket) -> Sent {
        match self.find_ours(context).await {
            Err(not_done) => return Sent::NotDone(not_done),
            Ok(None) => return self.when_missing(context),
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
                return Sent::NotDone(self.refused(NotDone::Failed(failure_without_answer(
                    ErrorCode::DeleteConfirmationUnavailable,
                    "the deletion cannot be confirmed to the platform; the environment stands and \
                     has to be deleted by hand",
                ))));
            }
        };
        let outcome = context
            .platform
            .environments()
            .delete_environment(
                &context.reference,
                ticket,
                &context.environment().short_domain,
                confirmation,
            )
            .await;
        match &outcome {
            MutationOutcome::Refused(refusal) if refusal.class == RefusalClass::NotFound => {
                Sent::Done(None)
            }
            MutationOutcome::Refused(refusal) => {
                Sent::NotDone(self.refused(not_done_after(refusal, context.settings)))
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
        Ok(match self.find_ours(context).await? {
            None => Settled::Done(None),
            Some(found) if found.state == ObservedState::Changing => Settled::Unknown,
            Some(_) if may_still_be_answered(newest, findings, context.clock.now()) => {
                Settled::Unknown
            }
            Some(_) => Settled::NotApplied,
        })
    }
}
