//! What every job about an environment that exists needs before it is accepted: an environment that
//! stands and is not held, and an account that can be used.

use super::JobRequest;
use crate::UseCaseError;
use domain::access::Actor;
use domain::environment::Environment;
use domain::error_code::ErrorCode;
use domain::ids::{EnvironmentId, TeamId};
use domain::job::JobKind;
use domain::names::IdempotencyKey;
use domain::platform_account::{PlatformAccount, PlatformAccountState};
use domain::ports::Transaction;

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
pub(crate) enum Needs {
    /// It stands: running, stopped or asleep.
    Settled,
}

/// The environment, when it may be changed now.
pub(crate) async fn standing_environment(
    transaction: &mut dyn Transaction,
    team: TeamId,
    id: EnvironmentId,
    needs: Needs,
) -> Result<Environment, UseCaseError> {
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
    if needs == Needs::Settled && !state.is_settled() {
        return Err(UseCaseError::new(
            ErrorCode::EnvironmentStateConflict,
            format!("the environment is {}", state.as_str()),
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
    if account.state == PlatformAccountState::NeedsReauthentication {
        return Err(UseCaseError::new(
            ErrorCode::PlatformAccountNeedsReauthentication,
            "the platform refused the stored credential; the owner has to connect the account again",
        ));
    }
    Ok(account)
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

impl EnvironmentTarget {
    /// A request for this kind of job about the environment; `content` is what else makes it this
    /// request, without secrets.
    pub(crate) fn request<'a>(
        &'a self,
        actor: &'a Actor,
        kind: JobKind,
        content: &str,
    ) -> JobRequest<'a> {
        JobRequest {
            actor,
            operation: kind.as_str(),
            key: &self.idempotency_key,
            content: format!("{}\n{}\n{content}", self.team_id, self.environment_id),
        }
    }
}
