//! Asking for an environment to be started, stopped or put to sleep.

use crate::UseCaseError;
use crate::authorisation::demand;
use crate::job_acceptance::{AcceptedJob, EnvironmentTarget, JobAcceptance};
use crate::workflows::payloads::NoPayload;
use domain::access::{Actor, Permission};
use domain::job::JobKind;

#[cfg(test)]
mod tests;

/// What the environment shall do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// Serve.
    Start,
    /// Stand still.
    Stop,
    /// Stand still until the next request wakes it.
    Sleep,
}

/// Accepts the wish to start an environment, to stop it or to put it to sleep.
#[derive(Clone)]
pub struct SwitchEnvironment {
    /// Accepting jobs.
    pub acceptance: JobAcceptance,
}

impl SwitchEnvironment {
    /// Demands `env.start`, or `env.stop` for the other two. Idempotent by the key. The environment
    /// must stand and not be held; one that is there already stays as it is.
    #[tracing::instrument(name = "usecase.environments.switch_environment", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        target: EnvironmentTarget,
        switch: Switch,
    ) -> Result<AcceptedJob, UseCaseError> {
        let (permission, kind) = match switch {
            Switch::Start => (Permission::EnvironmentStart, JobKind::EnvironmentStart),
            Switch::Stop => (Permission::EnvironmentStop, JobKind::EnvironmentStop),
            Switch::Sleep => (Permission::EnvironmentStop, JobKind::EnvironmentSleep),
        };
        let authorised = demand(actor, target.team_id, permission)?;
        self.acceptance
            .accept_about(authorised, &target, kind, &NoPayload {})
            .await
    }
}
