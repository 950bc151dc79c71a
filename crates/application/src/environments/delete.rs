//! Asking for an environment to be deleted.

use crate::UseCaseError;
use crate::authorisation::demand;
use crate::job_acceptance::{
    AcceptedJob, EnvironmentTarget, JobAcceptance, JobDraft, PlannedJob, check_can_delete,
    known_on_platform, standing_environment, usable_account,
};
use crate::workflows::payloads::{DeletePayload, encode};
use async_trait::async_trait;
use domain::access::{Actor, Permission};
use domain::environment::EnvironmentEvent;
use domain::error_code::ErrorCode;
use domain::ids::{EnvironmentId, JobId, TeamId};
use domain::job::JobKind;
use domain::ports::Transaction;

#[cfg(test)]
mod tests;

/// Accepts the wish to delete an environment.
#[derive(Clone)]
pub struct DeleteEnvironment {
    /// Accepting jobs.
    pub acceptance: JobAcceptance,
}

impl DeleteEnvironment {
    /// Demands `env.delete`. Idempotent by the key. The environment may be in any shape, but not held
    /// and not half built; from here on it is being deleted, and nothing else is accepted about it.
    pub async fn run(
        &self,
        actor: &Actor,
        target: EnvironmentTarget,
    ) -> Result<AcceptedJob, UseCaseError> {
        let authorised = demand(actor, target.team_id, Permission::EnvironmentDelete)?;
        let request = target.request(authorised, JobKind::EnvironmentDelete, "");
        self.acceptance.accept(request, &Draft(&target)).await
    }
}

struct Draft<'a>(&'a EnvironmentTarget);

#[async_trait]
impl JobDraft for Draft<'_> {
    async fn plan(
        &self,
        transaction: &mut dyn Transaction,
        _job: JobId,
    ) -> Result<PlannedJob, UseCaseError> {
        plan_deletion(transaction, self.0.team_id, self.0.environment_id).await
    }
}

/// The job that deletes the environment; from here on it is being deleted.
pub(crate) async fn plan_deletion(
    transaction: &mut dyn Transaction,
    team: TeamId,
    id: EnvironmentId,
) -> Result<PlannedJob, UseCaseError> {
    let mut environment =
        standing_environment(transaction, team, id, JobKind::EnvironmentDelete).await?;
    let account = usable_account(transaction, team).await?;
    check_can_delete(&account)?;
    let payload = DeletePayload::new(&environment, known_on_platform(&environment)?);
    let next = environment.state.after(EnvironmentEvent::DeletionBegan);
    environment.state = next.map_err(|error| {
        UseCaseError::new(ErrorCode::EnvironmentStateConflict, error.to_string())
    })?;
    transaction
        .environments()
        .update_environment(&environment)
        .await?;
    let payload = encode(&payload)?;
    Ok(PlannedJob::about(
        JobKind::EnvironmentDelete,
        team,
        id,
        payload,
    ))
}
