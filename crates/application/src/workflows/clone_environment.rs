//! Copying an environment. Taken back by deleting exactly the copy.

use super::context::JobContext;
use super::payloads::{ClonePayload, DecodeError, decode};
use super::provision_environment::{GOES_WITH_THE_ENVIRONMENT, end_of_creation};
use super::step::{Undo, Workflow, WorkflowStep};
use super::steps::{
    CheckShortDomain, CheckSource, CloneEnvironment, DeleteEnvironment, RecordProjection,
    SetDisplayName, WaitUntilRunning,
};
use async_trait::async_trait;
use domain::job::{EncodedData, JobEvent};
use domain::ports::{HeldTransaction, StoreError};

const CLONE_ENVIRONMENT: &str = "clone_environment";

/// The steps of one copy.
pub(super) struct CloneWorkflow(Vec<WorkflowStep>);

impl CloneWorkflow {
    pub(super) fn of(payload: &EncodedData) -> Result<Self, DecodeError> {
        let payload: ClonePayload = decode(payload)?;
        let source = payload.source()?;
        let check = CheckSource {
            short_domain: source.clone(),
            appid: payload.source_appid(),
        };
        Ok(Self(vec![
            WorkflowStep::read("check_short_domain", CheckShortDomain),
            WorkflowStep::read("check_source", check),
            WorkflowStep::mutate(
                CLONE_ENVIRONMENT,
                CloneEnvironment { source },
                Undo::With(Box::new(DeleteEnvironment::MadeBy(CLONE_ENVIRONMENT))),
            ),
            WorkflowStep::read("wait_until_running", WaitUntilRunning),
            WorkflowStep::mutate(
                "set_display_name",
                SetDisplayName,
                Undo::CoveredBy(GOES_WITH_THE_ENVIRONMENT),
            ),
            WorkflowStep::read("record_projection", RecordProjection),
        ]))
    }
}

#[async_trait]
impl Workflow for CloneWorkflow {
    fn steps(&self) -> &[WorkflowStep] {
        &self.0
    }

    async fn end(
        &self,
        context: &JobContext<'_>,
        transaction: &mut dyn HeldTransaction,
        event: JobEvent,
    ) -> Result<(), StoreError> {
        end_of_creation(context, transaction, event).await
    }
}
