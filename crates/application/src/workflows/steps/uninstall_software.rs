//! Removes an installation: one that the job made, or one that it was told.

use crate::workflows::context::JobContext;
use crate::workflows::doubt::{is_same_identity, may_still_be_answered, other_identity};
use crate::workflows::payloads::{Findings, InstallOutput};
use crate::workflows::refusal::{not_done_after, not_done_after_read, sent};
use crate::workflows::settings::WorkflowSettings;
use crate::workflows::step::{MutationStep, NotDone, ProofClass, Sent, Settled};
use async_trait::async_trait;
use domain::job::EncodedData;
use domain::job::journal::StepAttempt;
use domain::ports::{HeldTransaction, MutationOutcome, MutationTicket, RefusalClass, StoreError};
use domain::software::PlatformUniqueName;
use std::time::Duration;

#[cfg(test)]
mod tests;

/// Uninstalls something from the environment of the job.
pub(crate) enum UninstallSoftware {
    /// What this step of the job installed.
    InstalledBy(String),
    /// What the platform calls this.
    Known(PlatformUniqueName),
}

impl UninstallSoftware {
    fn unique_name(&self, context: &JobContext<'_>) -> Result<PlatformUniqueName, NotDone> {
        let step = match self {
            Self::Known(name) => return Ok(name.clone()),
            Self::InstalledBy(step) => step,
        };
        let installed = context.journal.output_of::<InstallOutput>(step);
        let name = installed
            .and_then(Result::ok)
            .and_then(|installed| installed.unique_name);
        name.map(PlatformUniqueName)
            .ok_or_else(|| NotDone::Attention {
                detail: "the platform gave the installation no name, so it cannot be taken back"
                    .to_owned(),
            })
    }

    /// An undo that is refused for good leaves something behind: a person has to know.
    fn refused(&self, not_done: NotDone) -> NotDone {
        match (self, not_done) {
            (Self::InstalledBy(_), NotDone::Failed(failure)) => NotDone::Attention {
                detail: format!("it could not be uninstalled: {}", failure.detail),
            },
            (_, other) => other,
        }
    }
}

#[async_trait]
impl MutationStep for UninstallSoftware {
    fn does(&self) -> &'static str {
        match self {
            Self::InstalledBy(_) => "uninstalls what it installed",
            Self::Known(_) => "uninstalls the installation that was known at acceptance",
        }
    }

    fn proof(&self) -> ProofClass {
        ProofClass::Observable
    }

    fn answer_within(&self, settings: &WorkflowSettings) -> Duration {
        settings.answer_within_long
    }

    async fn send(&self, context: &JobContext<'_>, ticket: MutationTicket) -> Sent {
        let name = match self.unique_name(context) {
            Ok(name) => name,
            Err(not_done) => return Sent::NotDone(not_done),
        };
        let outcome = context
            .platform
            .software()
            .uninstall(&context.reference, ticket, &name)
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
        let name = self.unique_name(context)?;
        let installed = context
            .platform
            .software()
            .list_installations(&context.reference, &context.environment().short_domain)
            .await
            .map_err(|error| not_done_after_read(&error, context.settings))?;
        Ok(if !installed.contains(&name) {
            Settled::Done(None)
        } else if may_still_be_answered(newest, findings, context.clock.now()) {
            Settled::Unknown
        } else {
            Settled::NotApplied
        })
    }

    async fn record(
        &self,
        context: &JobContext<'_>,
        transaction: &mut dyn HeldTransaction,
        _output: Option<&EncodedData>,
    ) -> Result<(), StoreError> {
        // Others stay.
        let name = self.unique_name(context).ok();
        let (team, id) = (context.environment().team_id, context.environment().id);
        let installations = transaction
            .environments()
            .list_installations(team, id)
            .await?;
        transaction
            .environments()
            .delete_installations(team, id)
            .await?;
        for installation in installations {
            if installation.platform_unique_name != name {
                transaction
                    .environments()
                    .insert_installation(&installation)
                    .await?;
            }
        }
        Ok(())
    }
}
