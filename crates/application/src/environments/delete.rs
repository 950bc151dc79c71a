//! Asking for an environment to be deleted.

use crate::UseCaseError;
use crate::addons::usable_backup_addon;
use crate::authorisation::demand_all;
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
use domain::ports::{HostingPlatform, Transaction};
use domain::software::{BackupAction, PlatformUniqueName};
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Accepts the wish to delete an environment.
#[derive(Clone)]
pub struct DeleteEnvironment {
    /// Accepting jobs.
    pub acceptance: JobAcceptance,
    /// Whether the platform's configuration maps backups. Nothing is called.
    pub platform: Arc<dyn HostingPlatform>,
}

impl DeleteEnvironment {
    /// Demands `env.delete`, and `backup.create` when a backup is to be made first: without that nothing is deleted.
    /// Idempotent by the key. The environment may be in any shape, but not held and not half built; for a backup it
    /// must run and have the add-on. From here on it is being deleted, and nothing else is accepted about it.
    #[tracing::instrument(name = "usecase.environments.delete_environment", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        target: EnvironmentTarget,
        backup_first: bool,
    ) -> Result<AcceptedJob, UseCaseError> {
        let backup = backup_first.then_some(Permission::BackupCreate);
        let permissions = [Permission::EnvironmentDelete].into_iter().chain(backup);
        let authorised = demand_all(actor, target.team_id, permissions)?;
        let content = if backup_first { "backup first" } else { "" };
        let request = target.request(authorised, JobKind::EnvironmentDelete, content);
        let draft = Draft {
            target: &target,
            backup_first,
            platform: &*self.platform,
        };
        self.acceptance.accept(request, &draft).await
    }
}

struct Draft<'a> {
    target: &'a EnvironmentTarget,
    backup_first: bool,
    platform: &'a dyn HostingPlatform,
}

#[async_trait]
impl JobDraft for Draft<'_> {
    async fn plan(
        &self,
        transaction: &mut dyn Transaction,
        _job: JobId,
    ) -> Result<PlannedJob, UseCaseError> {
        let place = (self.target.team_id, self.target.environment_id);
        let backup = if self.backup_first {
            let action = BackupAction::Create;
            Some(usable_backup_addon(transaction, self.platform, place, action).await?)
        } else {
            None
        };
        plan_deletion(transaction, place, backup).await
    }
}

/// The job that deletes the environment, after this installation has made a backup; from here on it is being deleted.
pub(crate) async fn plan_deletion(
    transaction: &mut dyn Transaction,
    (team, id): (TeamId, EnvironmentId),
    backup: Option<PlatformUniqueName>,
) -> Result<PlannedJob, UseCaseError> {
    let mut environment =
        standing_environment(transaction, team, id, JobKind::EnvironmentDelete).await?;
    let account = usable_account(transaction, team).await?;
    check_can_delete(&account)?;
    let payload = DeletePayload::new(&environment, known_on_platform(&environment)?, backup);
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
