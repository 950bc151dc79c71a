//! Provisioning: check the name, create, wait, install, name, record. Taken back by deleting.

use super::context::JobContext;
use super::delete_environment::forget_contents;
use super::payloads::{DecodeError, ProvisionPayload, decode};
use super::step::{Undo, Workflow, WorkflowStep, hold_environment};
use super::steps::{
    CREATE_ENVIRONMENT, CheckShortDomain, CreateEnvironment, DeleteEnvironment, InstallSoftware,
    Installable, RecordProjection, SetDisplayName, WaitUntilRunning,
};
use async_trait::async_trait;
use domain::environment::EnvironmentEvent;
use domain::job::{EncodedData, JobEvent};
use domain::ports::{HeldTransaction, LayerSpec, PackageSpec, StoreError};
use domain::software::Addon;

pub(super) const GOES_WITH_THE_ENVIRONMENT: &str = "deleting the environment takes it back";

/// The steps of one provisioning job.
pub(crate) struct ProvisionWorkflow(Vec<WorkflowStep>);

impl ProvisionWorkflow {
    pub(crate) fn of(payload: &EncodedData) -> Result<Self, DecodeError> {
        let payload: ProvisionPayload = decode(payload)?;
        Ok(Self::with(
            payload.layers()?,
            payload.package()?,
            payload.addons()?,
        ))
    }

    fn with(layers: Vec<LayerSpec>, package: Option<PackageSpec>, addons: Vec<Addon>) -> Self {
        let covered = || Undo::CoveredBy(GOES_WITH_THE_ENVIRONMENT);
        let mut steps = vec![
            WorkflowStep::read("check_short_domain", CheckShortDomain),
            WorkflowStep::mutate(
                CREATE_ENVIRONMENT,
                CreateEnvironment { layers },
                Undo::With(Box::new(DeleteEnvironment::MadeBy(CREATE_ENVIRONMENT))),
            ),
            WorkflowStep::read("wait_until_running", WaitUntilRunning),
        ];
        if let Some(package) = package {
            let step = InstallSoftware(Installable::Package(package));
            steps.push(WorkflowStep::mutate("install_package", step, covered()));
        }
        for addon in addons {
            let step = InstallSoftware(Installable::Addon(addon));
            let step = WorkflowStep::mutate(format!("install_{addon}"), step, covered());
            steps.push(step.shown_as("install_<addon>"));
        }
        steps.push(WorkflowStep::mutate(
            "set_display_name",
            SetDisplayName,
            covered(),
        ));
        steps.push(WorkflowStep::read("record_projection", RecordProjection));
        Self(steps)
    }
}

#[async_trait]
impl Workflow for ProvisionWorkflow {
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

/// What the end of a job means for the environment that it was to build.
pub(super) async fn end_of_creation(
    context: &JobContext<'_>,
    transaction: &mut dyn HeldTransaction,
    event: JobEvent,
) -> Result<(), StoreError> {
    let mut environment = context.environment().clone();
    let transition = match event {
        JobEvent::Succeeded => EnvironmentEvent::Provisioned,
        JobEvent::Failed | JobEvent::Cancelled => EnvironmentEvent::ProvisioningUndone,
        JobEvent::AttentionNeeded => {
            return hold_environment(context, transaction).await;
        }
        _ => return Ok(()),
    };
    let Ok(state) = environment.state.after(transition) else {
        return Ok(());
    };
    environment.state = state;
    if transition == EnvironmentEvent::ProvisioningUndone {
        forget_contents(context, transaction).await?;
    }
    transaction
        .environments()
        .update_environment(&environment)
        .await
}
