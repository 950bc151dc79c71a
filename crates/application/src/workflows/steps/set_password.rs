//! Gives a node a password. It cannot be read back, but the same password twice is the same state.

use crate::workflows::context::JobContext;
use crate::workflows::doubt::{is_same_identity, may_still_be_answered, other_identity};
use crate::workflows::payloads::{Findings, PasswordOf};
use crate::workflows::refusal::sent;
use crate::workflows::settings::WorkflowSettings;
use crate::workflows::step::{MutationStep, NotDone, ProofClass, Sent, Settled};
use async_trait::async_trait;
use domain::environment::PlatformNodeId;
use domain::job::journal::StepAttempt;
use domain::ports::MutationTicket;
use domain::sealed::SealedSecret;
use std::time::Duration;

#[cfg(test)]
mod tests;

/// Sets the password that the job keeps sealed.
pub(crate) struct SetPassword {
    pub(crate) node: PlatformNodeId,
    pub(crate) of: PasswordOf,
    pub(crate) sealed: SealedSecret,
}

#[async_trait]
impl MutationStep for SetPassword {
    fn does(&self) -> &'static str {
        "gives a node's main user or its root user the password"
    }

    fn proof(&self) -> ProofClass {
        ProofClass::DesiredState
    }

    fn answer_within(&self, settings: &WorkflowSettings) -> Duration {
        settings.answer_within_short
    }

    async fn send(&self, context: &JobContext<'_>, ticket: MutationTicket) -> Sent {
        let password = match context.open_job_secret(&self.sealed).await {
            Ok(password) => password,
            Err(not_done) => return Sent::NotDone(not_done),
        };
        let passwords = context.platform.passwords();
        let (account, short_domain) = (&context.reference, &context.environment().short_domain);
        let outcome = match self.of {
            PasswordOf::MainUser => {
                passwords
                    .reset_node_password(account, ticket, short_domain, self.node, &password)
                    .await
            }
            PasswordOf::Root => {
                passwords
                    .reset_container_password(account, ticket, short_domain, self.node, &password)
                    .await
            }
        };
        sent(outcome, context.settings, |()| None)
    }

    /// Nothing can be read, so the same password is set again once no answer can come any more.
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
        let now = context.clock.now();
        Ok(if may_still_be_answered(newest, findings, now) {
            Settled::Unknown
        } else {
            Settled::NotApplied
        })
    }
}
