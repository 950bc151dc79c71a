//! Creates the environment, marked as the fruit of this attempt.

use crate::workflows::context::JobContext;
use crate::workflows::doubt::{count_miss, forget_misses, is_same_identity, other_identity};
use crate::workflows::payloads::{CreateOutput, Findings, decode};
use crate::workflows::refusal::{not_done_after_read, sent};
use crate::workflows::settings::WorkflowSettings;
use crate::workflows::step::{MutationStep, NotDone, ProofClass, Sent, Settled};
use async_trait::async_trait;
use domain::environment::PlatformAppId;
use domain::job::EncodedData;
use domain::job::journal::StepAttempt;
use domain::planted::{self, Fault};
use domain::ports::{
    CreationTag, EnvironmentSpec, HeldTransaction, LayerSpec, MutationTicket, StoreError,
};
use std::time::Duration;

#[cfg(test)]
mod tests;

/// Creates the environment of the job.
pub(crate) struct CreateEnvironment {
    pub(crate) layers: Vec<LayerSpec>,
}

#[async_trait]
impl MutationStep for CreateEnvironment {
    fn does(&self) -> &'static str {
        "creates it under its tag; stores its incarnation and address"
    }

    fn proof(&self) -> ProofClass {
        ProofClass::Named
    }

    fn answer_within(&self, settings: &WorkflowSettings) -> Duration {
        settings.answer_within_long
    }

    async fn send(&self, context: &JobContext<'_>, ticket: MutationTicket) -> Sent {
        let spec = EnvironmentSpec {
            short_domain: context.environment().short_domain.clone(),
            creation_tag: CreationTag::of(ticket.attempt),
            region: context.environment().region.clone(),
            layers: self.layers.clone(),
        };
        let outcome = context
            .platform
            .environments()
            .create_environment(&context.reference, ticket, &spec)
            .await;
        sent(outcome, context.settings, |created| {
            Some(CreateOutput::of(&created.environment))
        })
    }

    /// Our mark proves that it is ours. The name without our mark is somebody else's environment: it
    /// is neither adopted nor deleted.
    async fn settle(
        &self,
        context: &JobContext<'_>,
        attempts: &[&StepAttempt],
        findings: &mut Findings,
    ) -> Result<Settled, NotDone> {
        let Some(newest) = attempts.last() else {
            return Ok(Settled::NotApplied);
        };
        let short_domain = &context.environment().short_domain;
        let read = |error| not_done_after_read(&error, context.settings);
        let environments = context
            .platform
            .environments()
            .list_environments(&context.reference)
            .await
            .map_err(read)?;
        if let Some(found) = environments
            .iter()
            .find(|found| found.short_domain == *short_domain)
        {
            forget_misses(findings);
            let is_ours = attempts
                .iter()
                .any(|attempt| found.carries(&CreationTag::of(attempt.id)));
            return if is_ours || planted::is_on(Fault::CreationTagIgnored) {
                Ok(Settled::Done(Some(CreateOutput::of(found))))
            } else {
                Err(NotDone::Attention {
                    detail: "an environment of this name exists that does not carry our mark; it \
                             was left untouched"
                        .to_owned(),
                })
            };
        }
        if !is_same_identity(context, newest) {
            return Err(other_identity());
        }
        let running = context
            .platform
            .tracking()
            .list_running_actions(&context.reference)
            .await
            .map_err(read)?;
        let is_at_work = running.iter().any(|action| {
            action.attempt == Some(newest.id)
                || action.short_domain.as_deref() == Some(short_domain.as_str())
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

/// Writes down what was made and where it answers.
pub(super) async fn record_created(
    context: &JobContext<'_>,
    transaction: &mut dyn HeldTransaction,
    output: Option<&EncodedData>,
) -> Result<(), StoreError> {
    let created = output.and_then(|data| decode::<CreateOutput>(data).ok());
    let Some(created) = created else {
        return Ok(());
    };
    let mut environment = context.environment().clone();
    environment.platform_appid = Some(PlatformAppId(created.appid));
    environment.site_url = created.domain.map(|domain| format!("https://{domain}/"));
    transaction
        .environments()
        .update_environment(&environment)
        .await
}
