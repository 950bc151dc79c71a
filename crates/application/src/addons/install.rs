//! Asking for an add-on in an environment that stands.

use crate::UseCaseError;
use crate::authorisation::demand;
use crate::job_acceptance::{
    AcceptedJob, EnvironmentTarget, JobAcceptance, JobDraft, PlannedJob, standing_environment,
    usable_account,
};
use crate::workflows::payloads::{InstallAddonPayload, encode};
use async_trait::async_trait;
use domain::access::{Actor, Permission};
use domain::error_code::ErrorCode;
use domain::ids::{EnvironmentId, JobId, TeamId};
use domain::job::JobKind;
use domain::names::IdempotencyKey;
use domain::platform_account::PlatformAccount;
use domain::ports::{HostingPlatform, Transaction};
use domain::software::{Addon, Software};
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// What to install where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstallAddonCommand {
    /// The team.
    pub team_id: TeamId,
    /// The environment.
    pub environment_id: EnvironmentId,
    /// The add-on.
    pub addon: Addon,
    /// The client's key for this request.
    pub idempotency_key: IdempotencyKey,
}

/// Accepts the wish for an add-on.
#[derive(Clone)]
pub struct InstallAddon {
    /// Accepting jobs.
    pub acceptance: JobAcceptance,
    /// Which add-ons the platform's configuration maps. Nothing is called.
    pub platform: Arc<dyn HostingPlatform>,
}

impl InstallAddon {
    /// Demands `addon.install`. Idempotent by the key. The environment must stand, not be held, and
    /// not have the add-on.
    #[tracing::instrument(name = "usecase.addons.install_addon", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        command: InstallAddonCommand,
    ) -> Result<AcceptedJob, UseCaseError> {
        let authorised = demand(actor, command.team_id, Permission::AddonInstall)?;
        let target = EnvironmentTarget {
            team_id: command.team_id,
            environment_id: command.environment_id,
            idempotency_key: command.idempotency_key,
        };
        let draft = Draft {
            target: &target,
            addon: command.addon,
            platform: &*self.platform,
        };
        let request = target.request(authorised, JobKind::AddonInstall, command.addon.as_str());
        self.acceptance.accept(request, &draft).await
    }
}

struct Draft<'a> {
    target: &'a EnvironmentTarget,
    addon: Addon,
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
        standing_environment(transaction, team, id, JobKind::AddonInstall).await?;
        let installations = transaction
            .environments()
            .list_installations(team, id)
            .await?;
        let wanted = Software::Addon(self.addon);
        if installations
            .iter()
            .any(|installation| installation.software == wanted)
        {
            return Err(UseCaseError::new(
                ErrorCode::AddonAlreadyInstalled,
                format!("the add-on `{}` is already installed", self.addon),
            ));
        }
        let account = usable_account(transaction, team).await?;
        check_configured(self.platform, &account, [self.addon])?;
        let payload = encode(&InstallAddonPayload::new(self.addon))?;
        Ok(PlannedJob {
            audit_target: format!("{id}/{}", self.addon),
            ..PlannedJob::about(JobKind::AddonInstall, team, id, payload)
        })
    }
}

/// Passes when the platform's configuration maps all these add-ons.
pub(crate) fn check_configured(
    platform: &dyn HostingPlatform,
    account: &PlatformAccount,
    addons: impl IntoIterator<Item = Addon>,
) -> Result<(), UseCaseError> {
    let reference = account.reference();
    let mut addons = addons.into_iter();
    match addons.find(|addon| !platform.software().is_addon_configured(&reference, *addon)) {
        None => Ok(()),
        Some(addon) => Err(UseCaseError::new(
            ErrorCode::ActionNotConfigured,
            format!("the add-on `{addon}` is not configured on this platform"),
        )),
    }
}
