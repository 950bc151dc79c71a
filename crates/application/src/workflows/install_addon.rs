//! Installing one add-on in an environment that stands. Taken back by uninstalling.

use super::context::JobContext;
use super::payloads::{DecodeError, InstallAddonPayload, decode};
use super::step::{Undo, Workflow, WorkflowStep};
use super::steps::{InstallSoftware, Installable, RecordProjection, UninstallSoftware};
use async_trait::async_trait;
use domain::job::{EncodedData, JobEvent};
use domain::ports::{HeldTransaction, StoreError};
use domain::software::Addon;

/// The steps of one add-on job.
pub(crate) struct InstallAddonWorkflow(Vec<WorkflowStep>);

impl InstallAddonWorkflow {
    pub(crate) fn of(payload: &EncodedData) -> Result<Self, DecodeError> {
        let payload: InstallAddonPayload = decode(payload)?;
        Ok(Self::with(payload.addon()?))
    }

    /// With some add-on, for the documentation.
    pub(crate) fn example() -> Self {
        Self::with(Addon::Sftp)
    }

    fn with(addon: Addon) -> Self {
        let install_step = format!("install_{addon}");
        let undo = UninstallSoftware {
            install_step: install_step.clone(),
        };
        Self(vec![
            WorkflowStep::mutate(
                install_step,
                InstallSoftware(Installable::Addon(addon)),
                Undo::With(Box::new(undo)),
            ),
            WorkflowStep::read("record_projection", RecordProjection),
        ])
    }
}

#[async_trait]
impl Workflow for InstallAddonWorkflow {
    fn steps(&self) -> &[WorkflowStep] {
        &self.0
    }

    async fn end(
        &self,
        context: &JobContext<'_>,
        transaction: &mut dyn HeldTransaction,
        event: JobEvent,
    ) -> Result<(), StoreError> {
        if event != JobEvent::AttentionNeeded {
            return Ok(());
        }
        let mut environment = context.environment.clone();
        environment.held_by = Some(context.job.id);
        transaction
            .environments()
            .update_environment(&environment)
            .await
    }
}
