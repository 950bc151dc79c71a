//! Asking for a copy of an environment.

use crate::UseCaseError;
use crate::authorisation::demand;
use crate::job_acceptance::{
    AcceptedJob, EnvironmentTarget, JobAcceptance, JobDraft, PlannedJob, check_can_delete,
    known_on_platform, standing_environment, usable_account,
};
use crate::workflows::payloads::{ClonePayload, encode};
use async_trait::async_trait;
use domain::access::{Actor, Permission};
use domain::environment::{Environment, EnvironmentState};
use domain::ids::{EnvironmentId, JobId, TeamId};
use domain::job::JobKind;
use domain::names::{DisplayName, EnvironmentName, ShortDomain};
use domain::ports::{Transaction, new_id};
use domain::turn::TurnScope;
use jiff::Timestamp;

#[cfg(test)]
mod tests;

/// What to copy, and what the copy is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloneEnvironmentCommand {
    /// The environment to copy.
    pub source: EnvironmentTarget,
    /// What the team calls the copy.
    pub name: EnvironmentName,
    /// What people see; the name when absent.
    pub display_name: Option<DisplayName>,
}

/// Accepts the wish for a copy.
#[derive(Clone)]
pub struct CloneEnvironment {
    /// Accepting jobs.
    pub acceptance: JobAcceptance,
}

impl CloneEnvironment {
    /// Demands `env.clone`. Idempotent by the key. The source must run; nothing changes it until the
    /// copy is there. The job is about the copy.
    #[tracing::instrument(name = "usecase.environments.clone_environment", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        command: CloneEnvironmentCommand,
    ) -> Result<AcceptedJob, UseCaseError> {
        let authorised = demand(actor, command.source.team_id, Permission::EnvironmentClone)?;
        let shown = command.display_name.as_ref();
        let content = format!(
            "{}\n{}",
            command.name,
            shown.map_or("", DisplayName::as_str)
        );
        let request = command
            .source
            .request(authorised, JobKind::EnvironmentClone, &content);
        let draft = Draft {
            command: &command,
            copy: new_id(&*self.acceptance.ids),
            now: self.acceptance.clock.now(),
        };
        self.acceptance.accept(request, &draft).await
    }
}

struct Draft<'a> {
    command: &'a CloneEnvironmentCommand,
    copy: EnvironmentId,
    now: Timestamp,
}

#[async_trait]
impl JobDraft for Draft<'_> {
    async fn plan(
        &self,
        transaction: &mut dyn Transaction,
        _job: JobId,
    ) -> Result<PlannedJob, UseCaseError> {
        let CloneEnvironmentCommand {
            source,
            name,
            display_name,
        } = self.command;
        let default_display_name =
            || DisplayName::parse(name.as_str()).expect("a name is a display name");
        let copy = (
            name.clone(),
            display_name.clone().unwrap_or_else(default_display_name),
        );
        let ids = (source.environment_id, self.copy);
        plan_clone(transaction, source.team_id, ids, copy, self.now).await
    }
}

/// The job that copies an environment. Nothing may change the source while it is being copied.
pub(crate) async fn plan_clone(
    transaction: &mut dyn Transaction,
    team: TeamId,
    (source_id, copy_id): (EnvironmentId, EnvironmentId),
    (name, display_name): (EnvironmentName, DisplayName),
    now: Timestamp,
) -> Result<PlannedJob, UseCaseError> {
    let kind = JobKind::EnvironmentClone;
    let source = standing_environment(transaction, team, source_id, kind).await?;
    let account = usable_account(transaction, team).await?;
    check_can_delete(&account)?;
    let payload = ClonePayload::new(&source, known_on_platform(&source)?);
    let mut planned = PlannedJob::about(kind, team, copy_id, encode(&payload)?);
    planned.turns.push(TurnScope::Environment(source_id));
    planned.turns.sort();
    planned.audit_target = format!("{source_id}/{copy_id}");
    planned.new_environment = Some(Environment {
        id: copy_id,
        display_name,
        short_domain: ShortDomain::for_environment(&name, copy_id),
        name,
        state: EnvironmentState::Provisioning,
        held_by: None,
        platform_appid: None,
        site_url: None,
        synced_at: None,
        created_at: now,
        version: 1,
        ..source
    });
    Ok(planned)
}
