//! Asking for an add-on to be uninstalled.

use crate::UseCaseError;
use crate::authorisation::demand;
use crate::job_acceptance::{
    AcceptedJob, EnvironmentTarget, JobAcceptance, JobDraft, PlannedJob, installation_name,
    standing_environment, usable_account,
};
use crate::workflows::payloads::{UninstallPayload, encode};
use async_trait::async_trait;
use domain::access::{Actor, Permission};
use domain::ids::JobId;
use domain::job::JobKind;
use domain::ports::Transaction;
use domain::software::{Addon, Software};

#[cfg(test)]
mod tests;

/// Accepts the wish to be rid of an add-on.
#[derive(Clone)]
pub struct UninstallAddon {
    /// Accepting jobs.
    pub acceptance: JobAcceptance,
}

impl UninstallAddon {
    /// Demands `addon.uninstall`. Idempotent by the key. The environment must stand and have it.
    #[tracing::instrument(name = "usecase.addons.uninstall_addon", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        target: EnvironmentTarget,
        addon: Addon,
    ) -> Result<AcceptedJob, UseCaseError> {
        let authorised = demand(actor, target.team_id, Permission::AddonUninstall)?;
        let request = target.request(authorised, JobKind::AddonUninstall, addon.as_str());
        let draft = Draft {
            target: &target,
            addon,
        };
        self.acceptance.accept(request, &draft).await
    }
}

struct Draft<'a> {
    target: &'a EnvironmentTarget,
    addon: Addon,
}

#[async_trait]
impl JobDraft for Draft<'_> {
    async fn plan(
        &self,
        transaction: &mut dyn Transaction,
        _job: JobId,
    ) -> Result<PlannedJob, UseCaseError> {
        let (team, id) = (self.target.team_id, self.target.environment_id);
        standing_environment(transaction, team, id, JobKind::AddonUninstall).await?;
        let software = Software::Addon(self.addon);
        let name = installation_name(transaction, team, id, &software).await?;
        usable_account(transaction, team).await?;
        let payload = encode(&UninstallPayload::new(self.addon, &name))?;
        Ok(PlannedJob {
            audit_target: format!("{id}/{}", self.addon),
            ..PlannedJob::about(JobKind::AddonUninstall, team, id, payload)
        })
    }
}
