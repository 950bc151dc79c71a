//! Asking for a new environment: everything is checked and stored in one transaction, the work is a
//! job.

use crate::UseCaseError;
use crate::authenticate::demand;
use crate::blueprint::{Blueprint, BlueprintCatalog};
use crate::job_acceptance::{
    AcceptedJob, Remembered, commit_job, find_replay, idempotency_scope, new_job, remember,
};
use crate::workflows::payloads::{ProvisionPayload, encode};
use domain::access::{Actor, Permission};
use domain::audit::AuditEvent;
use domain::environment::{Environment, EnvironmentState};
use domain::error_code::ErrorCode;
use domain::ids::{EnvironmentId, TeamId};
use domain::job::{Job, JobKind};
use domain::names::{
    BlueprintName, DisplayName, EnvironmentName, IdempotencyKey, RegionName, ShortDomain,
};
use domain::platform_account::{PlatformAccount, PlatformAccountState};
use domain::ports::{
    Clock, Conflict, HostingPlatform, IdSource, IdempotencyScope, ReadModel, StoreError,
    TokenHasher, Transaction, UnitOfWork, WakeUp, WritePriority, new_id,
};
use domain::software::Addon;
use domain::turn::TurnScope;
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
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// Looking up a lost commit.
    pub read_model: Arc<dyn ReadModel>,
    /// Which add-ons the platform's configuration maps. Nothing is called.
    pub platform: Arc<dyn HostingPlatform>,
    /// Fingerprints of requests.
    pub token_hasher: Arc<dyn TokenHasher>,
    /// What can be built.
    pub blueprints: Arc<BlueprintCatalog>,
    /// Tells the workers.
    pub wake_up: Arc<dyn WakeUp>,
    /// Identifiers.
    pub ids: Arc<dyn IdSource>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

impl ProvisionEnvironment {
    /// Demands `env.create`, and `addon.install` when add-ons are wanted. Idempotent by the key: the
    /// same request gives the same job, another request under the key is refused.
    pub async fn run(
        &self,
        actor: &Actor,
        command: ProvisionEnvironmentCommand,
    ) -> Result<AcceptedJob, UseCaseError> {
        demand(actor, command.team_id, Permission::EnvironmentCreate)?;
        if !command.addons.is_empty() {
            actor.demand(Permission::AddonInstall)?;
        }
        let blueprint = self.blueprint(&command)?;
        let fingerprint = self.token_hasher.fingerprint(&fingerprint_input(&command));
        let scope = idempotency_scope(actor, OPERATION, command.idempotency_key.clone());
        for _ in 0..2 {
            let stored = self
                .store(actor, &command, blueprint, &scope, &fingerprint)
                .await?;
            if let Some(accepted) = stored {
                if !accepted.is_replayed {
                    self.wake_up.wake().await;
                }
                return Ok(accepted);
            }
        }
        Err(UseCaseError::new(
            ErrorCode::IdempotencyInFlight,
            "a request with the same idempotency key is being worked on",
        ))
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

    /// `None` when another request with the same key was faster.
    async fn store(
        &self,
        actor: &Actor,
        command: &ProvisionEnvironmentCommand,
        blueprint: &Blueprint,
        scope: &IdempotencyScope,
        fingerprint: &[u8],
    ) -> Result<Option<AcceptedJob>, UseCaseError> {
        let mut transaction = self.unit_of_work.begin(WritePriority::Interactive).await?;
        if let Some(replay) = find_replay(&mut *transaction, scope, fingerprint).await? {
            return Ok(Some(replay));
        }
        let account = usable_account(
            &mut *transaction,
            command.team_id,
            &*self.platform,
            &command.addons,
        )
        .await?;
        if !account.can_delete() {
            return Err(UseCaseError::new(
                ErrorCode::DeleteConfirmationUnavailable,
                "the platform account could not delete what it would create; let its token delete \
                 environments or store a confirmation password",
            ));
        }
        let environment = self.new_environment(command, &account);
        let job = self.new_provision_job(actor, command, blueprint, &environment)?;
        if let Remembered::Raced =
            remember(&mut *transaction, scope, fingerprint.to_vec(), job.id).await?
        {
            return Ok(None);
        }
        if let Err(error) = transaction
            .environments()
            .insert_environment(&environment)
            .await
        {
            drop(transaction);
            return Err(self.name_taken(command, error).await);
        }
        let turns = [
            TurnScope::Team(command.team_id),
            TurnScope::Environment(environment.id),
        ];
        transaction.jobs().enqueue_job(&job, &turns).await?;
        let event = AuditEvent::accepted(
            new_id(&*self.ids),
            actor,
            "env.create",
            environment.id.to_string(),
        );
        transaction.audit().append_audit_event(&event).await?;
        commit_job(transaction, &job, &*self.read_model, &*self.clock).await?;
        Ok(Some(AcceptedJob {
            job,
            is_replayed: false,
        }))
    }

    fn new_environment(
        &self,
        command: &ProvisionEnvironmentCommand,
        account: &PlatformAccount,
    ) -> Environment {
        let id: EnvironmentId = new_id(&*self.ids);
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
            created_at: self.clock.now(),
            version: 1,
        }
    }

    fn new_provision_job(
        &self,
        actor: &Actor,
        command: &ProvisionEnvironmentCommand,
        blueprint: &Blueprint,
        environment: &Environment,
    ) -> Result<Job, UseCaseError> {
        let payload = encode(&ProvisionPayload::new(blueprint, &command.addons))?;
        Ok(new_job(
            new_id(&*self.ids),
            actor,
            JobKind::EnvironmentProvision,
            environment.id,
            payload,
            self.clock.now(),
        ))
    }

    async fn name_taken(
        &self,
        command: &ProvisionEnvironmentCommand,
        error: StoreError,
    ) -> UseCaseError {
        if !matches!(error, StoreError::Conflict(Conflict::EnvironmentName)) {
            return error.into();
        }
        let refusal = UseCaseError::new(
            ErrorCode::EnvironmentNameTaken,
            "the team has an environment of that name",
        )
        .at("/name");
        let job = self
            .read_model
            .find_live_job_by_environment_name(command.team_id, &command.name)
            .await;
        match job {
            Ok(Some(job)) => refusal.with_job(job),
            _ => refusal,
        }
    }
}

/// The team's account, when it can be used and knows all these add-ons.
pub(crate) async fn usable_account(
    transaction: &mut dyn Transaction,
    team: TeamId,
    platform: &dyn HostingPlatform,
    addons: &BTreeSet<Addon>,
) -> Result<PlatformAccount, UseCaseError> {
    let account = transaction
        .platform_accounts()
        .find_platform_account(team)
        .await?;
    let account = account.ok_or_else(|| {
        UseCaseError::new(
            ErrorCode::PlatformAccountMissing,
            "the team has no platform account; its owner connects one first",
        )
    })?;
    if account.state == PlatformAccountState::NeedsReauthentication {
        return Err(UseCaseError::new(
            ErrorCode::PlatformAccountNeedsReauthentication,
            "the platform refused the stored credential; the owner has to connect the account again",
        ));
    }
    let reference = account.reference();
    match addons
        .iter()
        .find(|addon| !platform.software().is_addon_configured(&reference, **addon))
    {
        None => Ok(account),
        Some(addon) => Err(UseCaseError::new(
            ErrorCode::ActionNotConfigured,
            format!("the add-on `{addon}` is not configured on this platform"),
        )),
    }
}

/// Everything that makes the request this request, each part delimited.
fn fingerprint_input(command: &ProvisionEnvironmentCommand) -> Vec<u8> {
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
    parts.join("\n").into_bytes()
}
