//! Asking for a script to be run that the operator has mapped.

use crate::UseCaseError;
use crate::authorisation::demand;
use crate::job_acceptance::{AcceptedJob, EnvironmentTarget, JobAcceptance};
use crate::workflows::payloads::ScriptPayload;
use domain::access::{Actor, Permission};
use domain::job::JobKind;
use domain::names::ScriptName;

#[cfg(test)]
mod tests;

/// Accepts the wish to run a script.
#[derive(Clone)]
pub struct RunScript {
    /// Accepting jobs.
    pub acceptance: JobAcceptance,
}

impl RunScript {
    /// Demands `script.run`. Idempotent by the key. The environment must run. A script that is not
    /// mapped makes the job fail with `action-not-configured`.
    #[tracing::instrument(name = "usecase.environments.run_script", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        target: EnvironmentTarget,
        script: &ScriptName,
    ) -> Result<AcceptedJob, UseCaseError> {
        let authorised = demand(actor, target.team_id, Permission::ScriptRun)?;
        let payload = ScriptPayload::new(script);
        self.acceptance
            .accept_about(authorised, &target, JobKind::ScriptRun, &payload)
            .await
    }
}
