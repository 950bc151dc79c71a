//! Asking for an add-on in an environment that stands.

use crate::UseCaseError;
use crate::authenticate::demand;
use crate::environments::usable_account;
use crate::job_acceptance::{
    AcceptedJob, Remembered, commit_job, find_replay, idempotency_scope, new_job, remember,
};
use crate::workflows::payloads::{InstallAddonPayload, encode};
use domain::access::{Actor, Permission};
use domain::audit::AuditEvent;
use domain::error_code::ErrorCode;
use domain::ids::{EnvironmentId, TeamId};
use domain::job::JobKind;
use domain::names::IdempotencyKey;
use domain::ports::{
    Clock, HostingPlatform, IdSource, IdempotencyScope, ReadModel, TokenHasher, Transaction,
    UnitOfWork, WakeUp, WritePriority, new_id,
};
use domain::software::{Addon, Software};
use domain::turn::TurnScope;
use std::collections::BTreeSet;
use std::sync::Arc;

#[cfg(test)]
mod tests;

const OPERATION: &str = "addons.install";

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
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// Looking up a lost commit.
    pub read_model: Arc<dyn ReadModel>,
    /// Which add-ons the platform's configuration maps. Nothing is called.
    pub platform: Arc<dyn HostingPlatform>,
    /// Fingerprints of requests.
    pub token_hasher: Arc<dyn TokenHasher>,
    /// Tells the workers.
    pub wake_up: Arc<dyn WakeUp>,
    /// Identifiers.
    pub ids: Arc<dyn IdSource>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

impl InstallAddon {
    /// Demands `addon.install`. Idempotent by the key. The environment must stand, not be held, and
    /// not have the add-on.
    pub async fn run(
        &self,
        actor: &Actor,
        command: InstallAddonCommand,
    ) -> Result<AcceptedJob, UseCaseError> {
        demand(actor, command.team_id, Permission::AddonInstall)?;
        let input = format!(
            "{}\n{}\n{}",
            command.team_id, command.environment_id, command.addon
        );
        let fingerprint = self.token_hasher.fingerprint(input.as_bytes());
        let scope = idempotency_scope(actor, OPERATION, command.idempotency_key.clone());
        for _ in 0..2 {
            if let Some(accepted) = self.store(actor, &command, &scope, &fingerprint).await? {
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

    /// `None` when another request with the same key was faster.
    async fn store(
        &self,
        actor: &Actor,
        command: &InstallAddonCommand,
        scope: &IdempotencyScope,
        fingerprint: &[u8],
    ) -> Result<Option<AcceptedJob>, UseCaseError> {
        let team = command.team_id;
        let mut transaction = self.unit_of_work.begin(WritePriority::Interactive).await?;
        if let Some(replay) = find_replay(&mut *transaction, scope, fingerprint).await? {
            return Ok(Some(replay));
        }
        check_environment(&mut *transaction, command).await?;
        let wanted = BTreeSet::from([command.addon]);
        usable_account(&mut *transaction, team, &*self.platform, &wanted).await?;
        let job = new_job(
            new_id(&*self.ids),
            actor,
            JobKind::AddonInstall,
            command.environment_id,
            encode(&InstallAddonPayload::new(command.addon))?,
            self.clock.now(),
        );
        if let Remembered::Raced =
            remember(&mut *transaction, scope, fingerprint.to_vec(), job.id).await?
        {
            return Ok(None);
        }
        let turns = [
            TurnScope::Team(team),
            TurnScope::Environment(command.environment_id),
        ];
        transaction.jobs().enqueue_job(&job, &turns).await?;
        let event = AuditEvent::accepted(
            new_id(&*self.ids),
            actor,
            "addon.install",
            format!("{}/{}", command.environment_id, command.addon),
        );
        transaction.audit().append_audit_event(&event).await?;
        commit_job(transaction, &job, &*self.read_model, &*self.clock).await?;
        Ok(Some(AcceptedJob {
            job,
            is_replayed: false,
        }))
    }
}

async fn check_environment(
    transaction: &mut dyn Transaction,
    command: &InstallAddonCommand,
) -> Result<(), UseCaseError> {
    let (team, id) = (command.team_id, command.environment_id);
    let environment = transaction
        .environments()
        .find_environment(team, id)
        .await?;
    let environment = environment
        .filter(|environment| !environment.state.is_final())
        .ok_or_else(UseCaseError::not_found)?;
    if let Some(job) = environment.held_by {
        return Err(UseCaseError::new(
            ErrorCode::EnvironmentStateConflict,
            "the environment is held until a person has looked at a job about it",
        )
        .with_job(job));
    }
    if !environment.state.is_settled() {
        return Err(UseCaseError::new(
            ErrorCode::EnvironmentStateConflict,
            format!("the environment is {}", environment.state.as_str()),
        ));
    }
    let installations = transaction
        .environments()
        .list_installations(team, id)
        .await?;
    let wanted = Software::Addon(command.addon);
    if installations
        .iter()
        .any(|installation| installation.software == wanted)
    {
        return Err(UseCaseError::new(
            ErrorCode::AddonAlreadyInstalled,
            format!("the add-on `{}` is already installed", command.addon),
        ));
    }
    Ok(())
}
