//! Gives the environment its real display name; until then it carries our mark.

use crate::workflows::context::JobContext;
use crate::workflows::payloads::Findings;
use crate::workflows::refusal::{not_done_after_read, sent};
use crate::workflows::settings::WorkflowSettings;
use crate::workflows::step::{MutationStep, NotDone, ProofClass, Sent, Settled};
use async_trait::async_trait;
use domain::job::journal::StepAttempt;
use domain::ports::MutationTicket;
use std::time::Duration;

/// Sets the display name of the environment of the job.
pub(crate) struct SetDisplayName;

#[async_trait]
impl MutationStep for SetDisplayName {
    fn does(&self) -> &'static str {
        "gives it its real name, instead of its tag or its source's name"
    }

    fn proof(&self) -> ProofClass {
        ProofClass::DesiredState
    }

    fn answer_within(&self, settings: &WorkflowSettings) -> Duration {
        settings.answer_within_short
    }

    async fn send(&self, context: &JobContext<'_>, ticket: MutationTicket) -> Sent {
        let environment = &context.environment();
        let outcome = context
            .platform
            .environments()
            .set_display_name(
                &context.reference,
                ticket,
                &environment.short_domain,
                &environment.display_name,
            )
            .await;
        sent(outcome, context.settings, |()| None)
    }

    /// The wanted state is there, or it is asked for again: repeating does no harm.
    async fn settle(
        &self,
        context: &JobContext<'_>,
        _attempts: &[&StepAttempt],
        _findings: &mut Findings,
    ) -> Result<Settled, NotDone> {
        let environment = &context.environment();
        let found = context
            .platform
            .environments()
            .observe_environment(&context.reference, &environment.short_domain)
            .await
            .map_err(|error| not_done_after_read(&error, context.settings))?;
        let is_set = found.is_some_and(|found| {
            found.display_name.as_deref() == Some(environment.display_name.as_str())
        });
        Ok(if is_set {
            Settled::Done(None)
        } else {
            Settled::NotApplied
        })
    }
}
