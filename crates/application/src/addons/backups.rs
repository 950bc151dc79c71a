//! Asking for a backup of an environment, and for what one holds.

use crate::UseCaseError;
use crate::authorisation::demand;
use crate::job_acceptance::{
    AcceptedJob, EnvironmentTarget, JobAcceptance, JobDraft, PlannedJob, installation_name,
    standing_environment, usable_account,
};
use crate::workflows::payloads::{CreateBackupPayload, RestoreBackupPayload, encode};
use async_trait::async_trait;
use domain::access::{Actor, Permission};
use domain::error_code::ErrorCode;
use domain::ids::{EnvironmentId, JobId, TeamId};
use domain::job::JobKind;
use domain::names::SnapshotName;
use domain::ports::{HostingPlatform, Transaction};
use domain::software::{Addon, BackupAction, PlatformUniqueName, Software};
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Accepts the wish for a backup.
#[derive(Clone)]
pub struct CreateBackup {
    /// Accepting jobs.
    pub acceptance: JobAcceptance,
    /// Whether the platform's configuration maps the action. Nothing is called.
    pub platform: Arc<dyn HostingPlatform>,
}

impl CreateBackup {
    /// Demands `backup.create`. Idempotent by the key. The environment must run and have the add-on `backup`;
    /// `action-not-configured` when making backups is not mapped.
    #[tracing::instrument(name = "usecase.addons.create_backup", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        target: EnvironmentTarget,
    ) -> Result<AcceptedJob, UseCaseError> {
        let authorised = demand(actor, target.team_id, Permission::BackupCreate)?;
        let request = target.request(authorised, JobKind::BackupCreate, "");
        let draft = Draft {
            target: &target,
            snapshot: None,
            platform: &*self.platform,
        };
        self.acceptance.accept(request, &draft).await
    }
}

/// Which backup of which environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreBackupCommand {
    /// The environment.
    pub target: EnvironmentTarget,
    /// The backup, as the add-on names it.
    pub snapshot: SnapshotName,
}

/// Accepts the wish for what a backup holds.
#[derive(Clone)]
pub struct RestoreBackup {
    /// Accepting jobs.
    pub acceptance: JobAcceptance,
    /// Whether the platform's configuration maps the action. Nothing is called.
    pub platform: Arc<dyn HostingPlatform>,
}

impl RestoreBackup {
    /// Demands `backup.restore`. Idempotent by the key. The environment must run and have the add-on `backup`;
    /// `action-not-configured` when bringing backups back is not mapped. Whether there is such a backup, the
    /// add-on says when the job runs.
    #[tracing::instrument(name = "usecase.addons.restore_backup", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        command: RestoreBackupCommand,
    ) -> Result<AcceptedJob, UseCaseError> {
        let target = &command.target;
        let authorised = demand(actor, target.team_id, Permission::BackupRestore)?;
        let snapshot = &command.snapshot;
        let request = target.request(authorised, JobKind::BackupRestore, snapshot.as_str());
        let draft = Draft {
            target,
            snapshot: Some(snapshot),
            platform: &*self.platform,
        };
        self.acceptance.accept(request, &draft).await
    }
}

struct Draft<'a> {
    target: &'a EnvironmentTarget,
    /// What to bring back; a backup is made when absent.
    snapshot: Option<&'a SnapshotName>,
    platform: &'a dyn HostingPlatform,
}

#[async_trait]
impl JobDraft for Draft<'_> {
    async fn plan(
        &self,
        transaction: &mut dyn Transaction,
        _job: JobId,
    ) -> Result<PlannedJob, UseCaseError> {
        let (team, id) = (self.target.team_id, self.target.environment_id);
        let (kind, action) = match self.snapshot {
            None => (JobKind::BackupCreate, BackupAction::Create),
            Some(_) => (JobKind::BackupRestore, BackupAction::Restore),
        };
        let name = usable_backup_addon(transaction, self.platform, (team, id), action).await?;
        let payload = match self.snapshot {
            None => encode(&CreateBackupPayload::new(&name))?,
            Some(snapshot) => encode(&RestoreBackupPayload::new(&name, snapshot))?,
        };
        let planned = PlannedJob::about(kind, team, id, payload);
        Ok(match self.snapshot {
            None => planned,
            Some(snapshot) => PlannedJob {
                audit_target: format!("{id}/{snapshot}"),
                ..planned
            },
        })
    }
}

/// The installation of the add-on `backup` in the environment, which must run, if it can do this there.
pub(crate) async fn usable_backup_addon(
    transaction: &mut dyn Transaction,
    platform: &dyn HostingPlatform,
    (team, id): (TeamId, EnvironmentId),
    action: BackupAction,
) -> Result<PlatformUniqueName, UseCaseError> {
    let kind = match action {
        BackupAction::Create => JobKind::BackupCreate,
        BackupAction::Restore => JobKind::BackupRestore,
    };
    standing_environment(transaction, team, id, kind).await?;
    let account = usable_account(transaction, team).await?;
    let software = platform.software();
    if !software.is_backup_configured(&account.reference(), action) {
        let detail = format!("`{}` is not configured on this platform", kind.as_str());
        return Err(UseCaseError::new(ErrorCode::ActionNotConfigured, detail));
    }
    let addon = Software::Addon(Addon::Backup);
    installation_name(transaction, team, id, &addon).await
}
