//! Asking for the package that manages caches, and for its actions.

use crate::UseCaseError;
use crate::authorisation::demand;
use crate::job_acceptance::{
    AcceptedJob, EnvironmentTarget, JobAcceptance, JobDraft, PlannedJob, installation_name,
    standing_environment, usable_account,
};
use crate::workflows::payloads::{MbadminActionPayload, MbadminPackagePayload, encode};
use async_trait::async_trait;
use domain::access::{Actor, Permission};
use domain::error_code::ErrorCode;
use domain::ids::JobId;
use domain::job::JobKind;
use domain::names::ParameterName;
use domain::ports::{HostingPlatform, Transaction};
use domain::software::{MbadminAction, Software};
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Accepts the wish for the package that manages caches.
#[derive(Clone)]
pub struct InstallMbadmin {
    /// Accepting jobs.
    pub acceptance: JobAcceptance,
    /// Which package the platform's configuration names. Nothing is called.
    pub platform: Arc<dyn HostingPlatform>,
}

impl InstallMbadmin {
    /// Demands `mbadmin.install`. Idempotent by the key. The environment must run and not have it;
    /// `action-not-configured` when the platform has no such package.
    #[tracing::instrument(name = "usecase.addons.install_mbadmin", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        target: EnvironmentTarget,
    ) -> Result<AcceptedJob, UseCaseError> {
        let authorised = demand(actor, target.team_id, Permission::MbadminInstall)?;
        let request = target.request(authorised, JobKind::MbadminInstall, "");
        let draft = InstallDraft {
            target: &target,
            platform: &*self.platform,
        };
        self.acceptance.accept(request, &draft).await
    }
}

struct InstallDraft<'a> {
    target: &'a EnvironmentTarget,
    platform: &'a dyn HostingPlatform,
}

#[async_trait]
impl JobDraft for InstallDraft<'_> {
    async fn plan(
        &self,
        transaction: &mut dyn Transaction,
        _job: JobId,
    ) -> Result<PlannedJob, UseCaseError> {
        let (team, id) = (self.target.team_id, self.target.environment_id);
        standing_environment(transaction, team, id, JobKind::MbadminInstall).await?;
        let installations = transaction
            .environments()
            .list_installations(team, id)
            .await?;
        if installations
            .iter()
            .any(|installation| installation.software == Software::Mbadmin)
        {
            return Err(UseCaseError::new(
                ErrorCode::AddonAlreadyInstalled,
                "`mbadmin` is already installed",
            ));
        }
        let account = usable_account(transaction, team).await?;
        let package = self
            .platform
            .software()
            .mbadmin_package(&account.reference());
        let package = package.ok_or_else(|| not_configured("the package `mbadmin`"))?;
        let payload = encode(&MbadminPackagePayload::new(&package))?;
        let kind = JobKind::MbadminInstall;
        Ok(PlannedJob::about(kind, team, id, payload))
    }
}

/// Which action with what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunMbadminActionCommand {
    /// The environment.
    pub target: EnvironmentTarget,
    /// The action.
    pub action: MbadminAction,
    /// Its parameters.
    pub parameters: Vec<(ParameterName, String)>,
}

/// Accepts the wish for an action on a cache.
#[derive(Clone)]
pub struct RunMbadminAction {
    /// Accepting jobs.
    pub acceptance: JobAcceptance,
    /// Which actions the platform's configuration maps, with which parameters. Nothing is called.
    pub platform: Arc<dyn HostingPlatform>,
}

impl RunMbadminAction {
    /// Demands `cache.manage`. Idempotent by the key. The environment must run and have the package;
    /// `action-not-configured` when the action is not mapped.
    #[tracing::instrument(name = "usecase.addons.run_mbadmin_action", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        command: RunMbadminActionCommand,
    ) -> Result<AcceptedJob, UseCaseError> {
        let target = &command.target;
        let authorised = demand(actor, target.team_id, Permission::CacheManage)?;
        // The parts are delimited by what no part can hold unescaped.
        let content = format!("{} {:?}", command.action, command.parameters);
        let request = target.request(authorised, JobKind::MbadminRun, &content);
        let draft = ActionDraft {
            command: &command,
            platform: &*self.platform,
        };
        self.acceptance.accept(request, &draft).await
    }
}

struct ActionDraft<'a> {
    command: &'a RunMbadminActionCommand,
    platform: &'a dyn HostingPlatform,
}

#[async_trait]
impl JobDraft for ActionDraft<'_> {
    async fn plan(
        &self,
        transaction: &mut dyn Transaction,
        _job: JobId,
    ) -> Result<PlannedJob, UseCaseError> {
        let RunMbadminActionCommand {
            target,
            action,
            parameters,
        } = self.command;
        let (team, id) = (target.team_id, target.environment_id);
        standing_environment(transaction, team, id, JobKind::MbadminRun).await?;
        let account = usable_account(transaction, team).await?;
        let software = self.platform.software();
        let known = software.mbadmin_parameters(&account.reference(), *action);
        let known = known.ok_or_else(|| not_configured(&format!("the action `{action}`")))?;
        if let Some((unknown, _)) = parameters.iter().find(|(name, _)| !known.contains(name)) {
            let detail = format!("the action `{action}` takes no parameter `{unknown}`");
            return Err(UseCaseError::new(ErrorCode::ValidationFailed, detail).at("/parameters"));
        }
        let name = installation_name(transaction, team, id, &Software::Mbadmin).await?;
        let payload = encode(&MbadminActionPayload::new(&name, *action, parameters))?;
        Ok(PlannedJob {
            audit_target: format!("{id}/{action}"),
            ..PlannedJob::about(JobKind::MbadminRun, team, id, payload)
        })
    }
}

fn not_configured(what: &str) -> UseCaseError {
    UseCaseError::new(
        ErrorCode::ActionNotConfigured,
        format!("{what} is not configured on this platform"),
    )
}
