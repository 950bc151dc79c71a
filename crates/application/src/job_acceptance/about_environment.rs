//! What every job about an environment that exists needs before it is accepted: an environment that
//! stands and is not held, and an account that can be used.

use super::{AcceptedJob, JobAcceptance, JobDraft, JobRequest, PlannedJob};
use crate::UseCaseError;
use crate::authorisation::Authorised;
use crate::workflows::payloads::encode;
use async_trait::async_trait;
use domain::environment::{Environment, EnvironmentState, PlatformAppId, PlatformNodeId};
use domain::error_code::ErrorCode;
use domain::ids::{EnvironmentId, JobId, NodeId, TeamId};
use domain::job::{EncodedData, JobKind};
use domain::names::IdempotencyKey;
use domain::platform_account::{PlatformAccount, PlatformAccountState};
use domain::ports::Transaction;
use domain::sealed::WrappedKey;
use domain::software::{PlatformUniqueName, Software};
use serde::Serialize;

/// Which environment of which team a request is about, and the client's key for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentTarget {
    /// The team.
    pub team_id: TeamId,
    /// The environment.
    pub environment_id: EnvironmentId,
    /// The client's key for this request.
    pub idempotency_key: IdempotencyKey,
}

/// What the environment must be for a job to be accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    /// It serves: something is done inside of it.
    Running,
    /// It stands: running, stopped or asleep.
    Settled,
    /// Nothing but there, whatever shape it is in.
    Present,
}

/// What a job of the kind needs of the environment that it changes; of its source, when it copies one.
fn needs_of(kind: JobKind) -> Needs {
    match kind {
        JobKind::EnvironmentProvision | JobKind::EnvironmentDelete | JobKind::TeamSync => {
            Needs::Present
        }
        JobKind::EnvironmentStart
        | JobKind::EnvironmentStop
        | JobKind::EnvironmentSleep
        | JobKind::TopologyChange
        | JobKind::DisplayNameSet
        | JobKind::CloudletsSet
        | JobKind::GroupAttach
        | JobKind::GroupDetach
        | JobKind::GroupSet
        | JobKind::DomainBind
        | JobKind::DomainUnbind
        | JobKind::VariablesAdd
        | JobKind::VariablesReplace
        | JobKind::VariablesRemove
        | JobKind::AddonInstall
        | JobKind::AddonUninstall => Needs::Settled,
        JobKind::EnvironmentClone
        | JobKind::EnvironmentRestart
        | JobKind::EnvironmentRedeploy
        | JobKind::MountAdd
        | JobKind::MountRemove
        | JobKind::MbadminInstall
        | JobKind::MbadminRun
        | JobKind::BackupCreate
        | JobKind::BackupRestore
        | JobKind::SearchReplaceCount
        | JobKind::SearchReplaceRun
        | JobKind::PasswordReset
        | JobKind::ScriptRun => Needs::Running,
    }
}

/// The environment, when a job of the kind may change it now.
pub(crate) async fn standing_environment(
    transaction: &mut dyn Transaction,
    team: TeamId,
    id: EnvironmentId,
    kind: JobKind,
) -> Result<Environment, UseCaseError> {
    let needs = needs_of(kind);
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
    let state = environment.state;
    let is_half = matches!(
        state,
        EnvironmentState::Provisioning | EnvironmentState::Deleting
    );
    if is_half || (needs != Needs::Present && !state.is_settled()) {
        return Err(UseCaseError::new(
            ErrorCode::EnvironmentStateConflict,
            format!("the environment is {}", state.as_str()),
        ));
    }
    if needs == Needs::Running && state != EnvironmentState::Running {
        return Err(UseCaseError::new(
            ErrorCode::EnvironmentNotRunning,
            format!(
                "the environment is {}; start it first",
                environment.state.as_str()
            ),
        ));
    }
    Ok(environment)
}

/// The team's account, when it can be used.
pub(crate) async fn usable_account(
    transaction: &mut dyn Transaction,
    team: TeamId,
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
    match account.state {
        PlatformAccountState::Connected => Ok(account),
        PlatformAccountState::NeedsReauthentication => Err(UseCaseError::new(
            ErrorCode::PlatformAccountNeedsReauthentication,
            "the platform refused the stored credential; the owner has to connect the account again",
        )),
        PlatformAccountState::Disconnected => Err(UseCaseError::new(
            ErrorCode::PlatformAccountMissing,
            "the platform account is disconnected; the owner connects it again first",
        )),
    }
}

/// Nothing is created that could not be deleted.
pub(crate) fn check_can_delete(account: &PlatformAccount) -> Result<(), UseCaseError> {
    if account.can_delete() {
        return Ok(());
    }
    Err(UseCaseError::new(
        ErrorCode::DeleteConfirmationUnavailable,
        "the platform account could not delete what it would create; let its token delete \
         environments or store a confirmation password",
    ))
}

/// The platform's key for the environment's incarnation.
pub(crate) fn known_on_platform(environment: &Environment) -> Result<&PlatformAppId, UseCaseError> {
    environment.platform_appid.as_ref().ok_or_else(|| {
        UseCaseError::new(
            ErrorCode::EnvironmentStateConflict,
            "it is not known which environment of the platform this is",
        )
    })
}

/// The platform's name of what is installed in the environment.
pub(crate) async fn installation_name(
    transaction: &mut dyn Transaction,
    team: TeamId,
    id: EnvironmentId,
    software: &Software,
) -> Result<PlatformUniqueName, UseCaseError> {
    let installations = transaction
        .environments()
        .list_installations(team, id)
        .await?;
    let installation = installations
        .into_iter()
        .find(|installation| installation.software == *software)
        .ok_or_else(|| {
            UseCaseError::new(
                ErrorCode::AddonNotInstalled,
                format!("`{}` is not installed", software.as_str()),
            )
        })?;
    installation.platform_unique_name.ok_or_else(|| {
        UseCaseError::new(
            ErrorCode::EnvironmentStateConflict,
            "the platform gave this installation no name, so it can only be reached by hand",
        )
    })
}

/// The key that the team's secrets are sealed under.
pub(crate) async fn team_key(
    transaction: &mut dyn Transaction,
    team: TeamId,
) -> Result<WrappedKey, UseCaseError> {
    let key = transaction.teams().find_team_key(team).await?;
    key.ok_or_else(UseCaseError::not_found)
}

/// A job about an environment, with nothing more to check than that the environment and the account
/// are fit for it.
struct AboutEnvironment {
    kind: JobKind,
    team_id: TeamId,
    environment_id: EnvironmentId,
    payload: EncodedData,
}

#[async_trait]
impl JobDraft for AboutEnvironment {
    async fn plan(
        &self,
        transaction: &mut dyn Transaction,
        _job: JobId,
    ) -> Result<PlannedJob, UseCaseError> {
        let (team, id) = (self.team_id, self.environment_id);
        standing_environment(transaction, team, id, self.kind).await?;
        usable_account(transaction, team).await?;
        Ok(PlannedJob::about(self.kind, team, id, self.payload.clone()))
    }
}

impl EnvironmentTarget {
    /// A request for this kind of job about the environment; `content` is what else makes it this
    /// request, without secrets.
    pub(crate) fn request<'a>(
        &'a self,
        authorised: Authorised<'a>,
        kind: JobKind,
        content: &str,
    ) -> JobRequest<'a> {
        JobRequest {
            authorised,
            operation: kind.as_str(),
            key: &self.idempotency_key,
            content: format!("{}\n{}\n{content}", self.team_id, self.environment_id),
        }
    }
}

impl JobAcceptance {
    /// Accepts a job about an environment whose payload says all that the client asked for.
    pub(crate) async fn accept_about(
        &self,
        authorised: Authorised<'_>,
        target: &EnvironmentTarget,
        kind: JobKind,
        payload: &(impl Serialize + Sync),
    ) -> Result<AcceptedJob, UseCaseError> {
        let draft = AboutEnvironment {
            kind,
            team_id: target.team_id,
            environment_id: target.environment_id,
            payload: encode(payload)?,
        };
        let request = target.request(authorised, kind, &draft.payload.0);
        self.accept(request, &draft).await
    }

    /// The platform's number of a node of an environment. Nodes are looked up outside of the
    /// transaction: the store of environments does not list them.
    pub(crate) async fn platform_node(
        &self,
        team: TeamId,
        environment: EnvironmentId,
        node: NodeId,
    ) -> Result<PlatformNodeId, UseCaseError> {
        let found = self.read_model.find_environment(team, environment).await?;
        let found = found.ok_or_else(UseCaseError::not_found)?;
        let mut nodes = found.nodes.iter();
        nodes
            .find(|candidate| candidate.id == node)
            .map(|node| node.platform_node_id)
            .ok_or_else(|| {
                UseCaseError::new(
                    ErrorCode::NodeNotFound,
                    "the environment has no node of that id; its nodes may have been made anew",
                )
            })
    }
}
