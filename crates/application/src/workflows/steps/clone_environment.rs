//! Copies a running environment. The copy's name holds a random piece of our id, and was free before:
//! what stands under it is ours.

use super::create_environment::record_created;
use crate::workflows::context::JobContext;
use crate::workflows::doubt::{count_miss, forget_misses, is_same_identity, other_identity};
use crate::workflows::payloads::{CreateOutput, Findings};
use crate::workflows::refusal::{failure_without_answer, not_done_after_read, sent};
use crate::workflows::settings::WorkflowSettings;
use crate::workflows::step::{MutationStep, NotDone, Output, ProofClass, ReadStep, Sent, Settled};
use async_trait::async_trait;
use domain::environment::{ObservedState, PlatformAppId};
use domain::error_code::ErrorCode;
use domain::job::journal::StepAttempt;
use domain::job::{EncodedData, WaitReason};
use domain::names::ShortDomain;
use domain::ports::{HeldTransaction, MutationTicket, StoreError};
use std::time::Duration;

#[cfg(test)]
mod tests;

/// Passes when the very incarnation that shall be copied runs.
pub(crate) struct CheckSource {
    pub(crate) short_domain: ShortDomain,
    pub(crate) appid: PlatformAppId,
}

#[async_trait]
impl ReadStep for CheckSource {
    fn does(&self) -> &'static str {
        "looks whether the very incarnation to copy runs; fails with `environment-not-running`"
    }

    async fn read(&self, context: &JobContext<'_>) -> Result<Output, NotDone> {
        let found = context
            .platform
            .environments()
            .observe_environment(&context.reference, &self.short_domain)
            .await
            .map_err(|error| not_done_after_read(&error, context.settings))?;
        let refuse = |code, detail| Err(NotDone::Failed(failure_without_answer(code, detail)));
        match found.filter(|found| found.appid == self.appid) {
            None => refuse(
                ErrorCode::EnvironmentBroken,
                "the environment to copy has disappeared from the platform",
            ),
            Some(found) => match found.state {
                ObservedState::Running => Ok(None),
                ObservedState::Changing => Err(NotDone::Later {
                    reason: WaitReason::PlatformWork,
                    after: context.settings.poll_interval,
                    detail: "the platform is changing the environment to copy".to_owned(),
                }),
                _ => refuse(
                    ErrorCode::EnvironmentNotRunning,
                    "the environment to copy does not run; start it first",
                ),
            },
        }
    }
}

/// Makes the environment of the job a copy of another one.
pub(crate) struct CloneEnvironment {
    pub(crate) source: ShortDomain,
}

#[async_trait]
impl MutationStep for CloneEnvironment {
    fn does(&self) -> &'static str {
        "copies it under a name with a random piece of our id; stores incarnation and address"
    }

    fn proof(&self) -> ProofClass {
        ProofClass::Named
    }

    fn answer_within(&self, settings: &WorkflowSettings) -> Duration {
        settings.answer_within_long
    }

    async fn send(&self, context: &JobContext<'_>, ticket: MutationTicket) -> Sent {
        let destination = &context.environment().short_domain;
        let outcome = context
            .platform
            .environments()
            .clone_environment(&context.reference, ticket, &self.source, destination)
            .await;
        sent(outcome, context.settings, |created| {
            Some(CreateOutput::of(&created.environment))
        })
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
        let destination = &context.environment().short_domain;
        let read = |error| not_done_after_read(&error, context.settings);
        let environments = context
            .platform
            .environments()
            .list_environments(&context.reference)
            .await
            .map_err(read)?;
        if let Some(found) = environments
            .iter()
            .find(|found| found.short_domain == *destination)
        {
            return Ok(Settled::Done(Some(CreateOutput::of(found))));
        }
        let running = context
            .platform
            .tracking()
            .list_running_actions(&context.reference)
            .await
            .map_err(read)?;
        // A copy shows as work on its source until it appears.
        let is_at_work = running.iter().any(|action| {
            let name = action.short_domain.as_deref();
            action.attempt == Some(newest.id)
                || name == Some(destination.as_str())
                || name == Some(self.source.as_str())
        });
        if is_at_work {
            forget_misses(findings);
            return Ok(Settled::Unknown);
        }
        Ok(count_miss(context, newest, findings))
    }

    async fn record(
        &self,
        context: &JobContext<'_>,
        transaction: &mut dyn HeldTransaction,
        output: Option<&EncodedData>,
    ) -> Result<(), StoreError> {
        record_created(context, transaction, output).await
    }
}
