//! Asking for another name of an environment for people.

use crate::UseCaseError;
use crate::authorisation::demand;
use crate::job_acceptance::{AcceptedJob, EnvironmentTarget, JobAcceptance};
use crate::workflows::payloads::DisplayNamePayload;
use domain::access::{Actor, Permission};
use domain::job::JobKind;
use domain::names::DisplayName;

#[cfg(test)]
mod tests;

/// Which name of which environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenameEnvironmentCommand {
    /// The environment.
    pub target: EnvironmentTarget,
    /// What people shall see.
    pub display_name: DisplayName,
}

/// Accepts the wish for another name.
#[derive(Clone)]
pub struct RenameEnvironment {
    /// Accepting jobs.
    pub acceptance: JobAcceptance,
}

impl RenameEnvironment {
    /// Demands `env.rename`. Idempotent by the key. The environment must stand.
    #[tracing::instrument(name = "usecase.environments.rename_environment", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        command: RenameEnvironmentCommand,
    ) -> Result<AcceptedJob, UseCaseError> {
        let target = &command.target;
        let authorised = demand(actor, target.team_id, Permission::EnvironmentRename)?;
        let payload = DisplayNamePayload::new(&command.display_name);
        self.acceptance
            .accept_about(authorised, target, JobKind::DisplayNameSet, &payload)
            .await
    }
}
