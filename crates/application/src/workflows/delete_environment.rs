//! Deleting an environment, for good.

use super::context::JobContext;
use super::payloads::{DecodeError, DeletePayload, decode};
use super::step::{Undo, Workflow, WorkflowStep, hold_environment};
use super::steps::{Blind, CreateBackup, DeleteEnvironment};
use async_trait::async_trait;
use domain::environment::{EnvironmentEvent, ObservedState};
use domain::job::journal::Direction;
use domain::job::{EncodedData, JobEvent};
use domain::ports::{HeldTransaction, StoreError};

const DELETE_ENVIRONMENT: &str = "delete_environment";
const CREATE_BACKUP: &str = "create_backup";

/// The steps of one deletion.
pub(super) struct DeletionWorkflow {
    steps: Vec<WorkflowStep>,
    state_before: ObservedState,
}

impl DeletionWorkflow {
    pub(super) fn of(payload: &EncodedData) -> Result<Self, DecodeError> {
        let payload: DeletePayload = decode(payload)?;
        let delete = WorkflowStep::mutate(
            DELETE_ENVIRONMENT,
            DeleteEnvironment::Known(payload.appid()),
            Undo::Pivot("what is deleted cannot be brought back"),
        );
        // The backup is older than the wish to keep the environment: nothing has to be taken back.
        let back_up = payload.backup().map(|installation| {
            let call = Blind(CreateBackup { installation });
            let stays = Undo::CoveredBy("a backup that is there is in nobody's way");
            WorkflowStep::mutate(CREATE_BACKUP, call, stays)
        });
        Ok(Self {
            steps: back_up.into_iter().chain([delete]).collect(),
            state_before: payload.state_before()?,
        })
    }
}

#[async_trait]
impl Workflow for DeletionWorkflow {
    fn steps(&self) -> &[WorkflowStep] {
        &self.steps
    }

    /// Gone with everything in it, or as it was before.
    async fn end(
        &self,
        context: &JobContext<'_>,
        transaction: &mut dyn HeldTransaction,
        event: JobEvent,
    ) -> Result<(), StoreError> {
        let has_deleted = context
            .journal
            .latest_possible(DELETE_ENVIRONMENT, Direction::Forward)
            .is_some();
        let transition = match event {
            JobEvent::AttentionNeeded => return hold_environment(context, transaction).await,
            // A wish to cancel that came after the deletion finds nothing to take back.
            JobEvent::Succeeded => EnvironmentEvent::DeletionEnded,
            JobEvent::Failed | JobEvent::Cancelled if has_deleted => {
                EnvironmentEvent::DeletionEnded
            }
            JobEvent::Failed | JobEvent::Cancelled => {
                EnvironmentEvent::DeletionGivenUp(self.state_before)
            }
            _ => return Ok(()),
        };
        let mut environment = context.environment().clone();
        let Ok(state) = environment.state.after(transition) else {
            return Ok(());
        };
        environment.state = state;
        if transition == EnvironmentEvent::DeletionEnded {
            forget_contents(context, transaction).await?;
        }
        transaction
            .environments()
            .update_environment(&environment)
            .await
    }
}

/// What was in an environment that is gone.
pub(super) async fn forget_contents(
    context: &JobContext<'_>,
    transaction: &mut dyn HeldTransaction,
) -> Result<(), StoreError> {
    let (team, id) = (context.environment().team_id, context.environment().id);
    let environments = transaction.environments();
    environments.replace_nodes(team, id, &[]).await?;
    environments.delete_installations(team, id).await
}
