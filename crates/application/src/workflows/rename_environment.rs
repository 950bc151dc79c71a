//! Giving an environment another name for people.

use super::context::JobContext;
use super::payloads::{DecodeError, DisplayNamePayload, decode};
use super::step::{Workflow, WorkflowStep};
use super::steps::{ShownName, desired};
use async_trait::async_trait;
use domain::job::{EncodedData, JobEvent};
use domain::names::DisplayName;
use domain::ports::{HeldTransaction, StoreError};

/// The steps of one change of name.
pub(super) struct RenamingWorkflow {
    steps: Vec<WorkflowStep>,
    display_name: DisplayName,
}

impl RenamingWorkflow {
    pub(super) fn of(payload: &EncodedData) -> Result<Self, DecodeError> {
        let display_name = decode::<DisplayNamePayload>(payload)?.display_name()?;
        let step = desired(
            "set_display_name",
            ShownName(display_name.clone()),
            "sets the name before, when it was one that we could set",
        );
        Ok(Self {
            steps: vec![step],
            display_name,
        })
    }
}

#[async_trait]
impl Workflow for RenamingWorkflow {
    fn steps(&self) -> &[WorkflowStep] {
        &self.steps
    }

    /// Our row says what the platform says.
    async fn end(
        &self,
        context: &JobContext<'_>,
        transaction: &mut dyn HeldTransaction,
        event: JobEvent,
    ) -> Result<(), StoreError> {
        if event != JobEvent::Succeeded {
            return Ok(());
        }
        let mut environment = context.environment().clone();
        environment.display_name = self.display_name.clone();
        transaction
            .environments()
            .update_environment(&environment)
            .await
    }
}
