//! Asking for a search and replace in the database of a site, or for its count.

use crate::UseCaseError;
use crate::authorisation::demand;
use crate::job_acceptance::{AcceptedJob, EnvironmentTarget, JobAcceptance};
use crate::workflows::payloads::SearchReplacePayload;
use domain::access::{Actor, Permission};
use domain::job::JobKind;
use domain::wordpress::SearchReplace;

#[cfg(test)]
mod tests;

/// What to search for where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchReplaceCommand {
    /// The environment.
    pub target: EnvironmentTarget,
    /// The texts.
    pub texts: SearchReplace,
    /// Whether it is only counted what would change.
    pub is_count_only: bool,
}

/// Accepts the wish to search and replace.
#[derive(Clone)]
pub struct RunSearchReplace {
    /// Accepting jobs.
    pub acceptance: JobAcceptance,
}

impl RunSearchReplace {
    /// Demands `search_replace.run`, also for counting, which reads the whole database. Idempotent by
    /// the key. The environment must run.
    #[tracing::instrument(name = "usecase.environments.run_search_replace", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        command: SearchReplaceCommand,
    ) -> Result<AcceptedJob, UseCaseError> {
        let target = &command.target;
        let authorised = demand(actor, target.team_id, Permission::SearchReplaceRun)?;
        let kind = if command.is_count_only {
            JobKind::SearchReplaceCount
        } else {
            JobKind::SearchReplaceRun
        };
        let payload = SearchReplacePayload::new(&command.texts);
        self.acceptance
            .accept_about(authorised, target, kind, &payload)
            .await
    }
}
