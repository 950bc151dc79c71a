//! Asking for a new environment: everything is checked and stored in one transaction, the work is a
//! job.

use crate::UseCaseError;
use crate::addons::check_configured;
use crate::authorisation::demand_all;
use crate::blueprint::{Blueprint, BlueprintCatalog};
use crate::job_acceptance::{
    AcceptedJob, JobAcceptance, JobDraft, JobRequest, PlannedJob, check_can_delete, usable_account,
};
use crate::workflows::payloads::{ProvisionPayload, encode};
use async_trait::async_trait;
use domain::access::{Actor, Permission};
use domain::environment::{Environment, EnvironmentState};
use domain::error_code::ErrorCode;
use domain::ids::{EnvironmentId, JobId, TeamId};
use domain::job::JobKind;
use domain::names::{
    BlueprintName, DisplayName, EnvironmentName, IdempotencyKey, RegionName, ShortDomain,
};
use domain::platform_account::PlatformAccount;
use domain::ports::{HostingPlatform, Transaction, new_id};
use domain::software::Addon;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;

#[cfg(test)]
mod tests;

const OPERATION: &str = "environments.create";

/// What to build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvisionEnvironmentCommand {
    /// The team.
    pub team_id: TeamId,
    /// What the team calls it.
    pub name: EnvironmentName,
    /// What people see; the name when absent.
    pub display_name: Option<DisplayName>,
    /// What it is built from.
    pub blueprint: BlueprintName,
    /// Where; the platform's default when absent.
    pub region: Option<RegionName>,
    /// What is installed besides the blueprint's package.
    pub addons: BTreeSet<Addon>,
    /// The client's key for this request.
    pub idempotency_key: IdempotencyKey,
}

/// Accepts the wish for a new environment.
#[derive(Clone)]
pub struct ProvisionEnvironment {
    /// Accepting jobs.
    pub acceptance: JobAcceptance,
    /// Which add-ons the platform's configuration maps. Nothing is called.
    pub platform: Arc<dyn HostingPlatform>,
    /// What can be built.
    pub blueprints: Arc<BlueprintCatalog>,
}

impl ProvisionEnvironment {
    /// Demands `env.create`, and `addon.install` when add-ons are wanted. Idempotent by the key: the
    /// same request gives the same job, another request under the key is refused.
    #[tracing::instrument(name = "usecase.environments.provision_environment", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        command: ProvisionEnvironmentCommand,
    ) -> Result<AcceptedJob, UseCaseError> {
        let addons = (!command.addons.is_empty()).then_some(Permission::AddonInstall);
        let permissions = [Permission::EnvironmentCreate].into_iter().chain(addons);
        let authorised = demand_all(actor, command.team_id, permissions)?;
        let draft = Draft {
            command: &command,
            blueprint: self.blueprint(&command)?,
            platform: &*self.platform,
            environment_id: new_id(&*self.acceptance.ids),
            now: self.acceptance.clock.now(),
        };
        let request = JobRequest {
            authorised,
            operation: OPERATION,
            key: &command.idempotency_key,
            content: request_content(&command),
        };
        self.acceptance.accept(request, &draft).await
    }

    fn blueprint(&self, command: &ProvisionEnvironmentCommand) -> Result<&Blueprint, UseCaseError> {
        self.blueprints.find(&command.blueprint).ok_or_else(|| {
            let known: Vec<_> = self.blueprints.names().map(BlueprintName::as_str).collect();
            let detail = if known.is_empty() {
                "no blueprint is configured; the operator adds `[[blueprints]]`".to_owned()
            } else {
                format!("no such blueprint; configured are: {}", known.join(", "))
            };
            UseCaseError::new(ErrorCode::ValidationFailed, detail).at("/blueprint")
        })
    }
}

struct Draft<'a> {
    command: &'a ProvisionEnvironmentCommand,
    blueprint: &'a Blueprint,
    platform: &'a dyn HostingPlatform,
    environment_id: EnvironmentId,
    now: Timestamp,
}

#[async_trait]
impl JobDraft for Draft<'_> {
    async fn plan(
        &self,
        transaction: &mut dyn Transaction,
        _job: JobId,
    ) -> Result<PlannedJob, UseCaseError> {
        let team = self.command.team_id;
        let account = usable_account(transaction, team).await?;
        let addons = &self.command.addons;
        check_configured(self.platform, &account, addons.iter().copied())?;
        check_can_delete(&account)?;
        let payload = encode(&ProvisionPayload::new(self.blueprint, addons))?;
        let kind = JobKind::EnvironmentProvision;
        Ok(PlannedJob {
            new_environment: Some(self.environment(&account)),
            audit_action: Permission::EnvironmentCreate.as_str(),
            ..PlannedJob::about(kind, team, self.environment_id, payload)
        })
    }
}

impl Draft<'_> {
    fn environment(&self, account: &PlatformAccount) -> Environment {
        let (id, command) = (self.environment_id, self.command);
        let default_display_name =
            || DisplayName::parse(command.name.as_str()).expect("a name is a display name");
        Environment {
            id,
            team_id: command.team_id,
            platform_account_id: account.id,
            name: command.name.clone(),
            display_name: command
                .display_name
                .clone()
                .unwrap_or_else(default_display_name),
            short_domain: ShortDomain::for_environment(&command.name, id),
            region: command.region.clone(),
            blueprint: command.blueprint.clone(),
            state: EnvironmentState::Provisioning,
            held_by: None,
            platform_appid: None,
            site_url: None,
            synced_at: None,
            created_at: self.now,
            version: 1,
        }
    }
}

/// Everything that makes the request this request, each part delimited.
fn request_content(command: &ProvisionEnvironmentCommand) -> String {
    let mut parts = vec![
        command.team_id.to_string(),
        command.name.to_string(),
        command
            .display_name
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
        command.blueprint.to_string(),
        command
            .region
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
    ];
    parts.extend(command.addons.iter().map(ToString::to_string));
    parts.join("\n")
}
