//! Asking for a new password of a node. It is sealed before it is stored.

use crate::authorisation::demand;
use crate::job_acceptance::{
    AcceptedJob, EnvironmentTarget, JobAcceptance, JobDraft, PlannedJob, standing_environment,
    team_key, usable_account,
};
use crate::workflows::payloads::{PasswordOf, PasswordPayload, SealedBytes, encode};
use crate::{CredentialCustody, UseCaseError};
use async_trait::async_trait;
use domain::access::{Actor, Permission};
use domain::environment::PlatformNodeId;
use domain::error_code::ErrorCode;
use domain::ids::{JobId, NodeId};
use domain::job::JobKind;
use domain::ports::Transaction;
use domain::{SecretText, limits};

#[cfg(test)]
mod tests;

/// Whose password becomes what.
pub struct ResetPasswordCommand {
    /// The environment.
    pub target: EnvironmentTarget,
    /// The node.
    pub node: NodeId,
    /// Whose.
    pub of: PasswordOf,
    /// The new password.
    pub password: SecretText,
}

/// Accepts the wish for a new password.
#[derive(Clone)]
pub struct ResetPassword {
    /// Accepting jobs.
    pub acceptance: JobAcceptance,
    /// Seals the password.
    pub custody: CredentialCustody,
}

impl ResetPassword {
    /// Demands `password.reset`. Idempotent by the key: a repeated request with another password is
    /// answered with the first one's job. The environment must run.
    #[tracing::instrument(name = "usecase.environments.reset_password", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        command: ResetPasswordCommand,
    ) -> Result<AcceptedJob, UseCaseError> {
        let target = &command.target;
        let authorised = demand(actor, target.team_id, Permission::PasswordReset)?;
        let password = command.password.expose();
        let is_fit = (1..=limits::PLATFORM_SECRET_LENGTH_MAX).contains(&password.len())
            && !password.chars().any(char::is_control);
        if !is_fit {
            return Err(UseCaseError::new(
                ErrorCode::ValidationFailed,
                "must be 1 to 1024 bytes without control characters",
            )
            .at("/password"));
        }
        let (team, id) = (target.team_id, target.environment_id);
        let content = format!("{}\n{:?}", command.node, command.of);
        let draft = Draft {
            node: self
                .acceptance
                .platform_node(team, id, command.node)
                .await?,
            command: &command,
            custody: &self.custody,
        };
        let request = target.request(authorised, JobKind::PasswordReset, &content);
        self.acceptance.accept(request, &draft).await
    }
}

struct Draft<'a> {
    node: PlatformNodeId,
    command: &'a ResetPasswordCommand,
    custody: &'a CredentialCustody,
}

#[async_trait]
impl JobDraft for Draft<'_> {
    async fn plan(
        &self,
        transaction: &mut dyn Transaction,
        job: JobId,
    ) -> Result<PlannedJob, UseCaseError> {
        let target = &self.command.target;
        let (team, id) = (target.team_id, target.environment_id);
        standing_environment(transaction, team, id, JobKind::PasswordReset).await?;
        usable_account(transaction, team).await?;
        let key = team_key(transaction, team).await?;
        let password = &self.command.password;
        let sealed = self.custody.seal_job_secret(&key, job, team, password)?;
        let payload = encode(&PasswordPayload {
            node: self.node.0,
            of: self.command.of,
            sealed: SealedBytes::of(sealed),
        })?;
        Ok(PlannedJob::about(JobKind::PasswordReset, team, id, payload))
    }
}
