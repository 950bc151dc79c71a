//! The team's jobs, page by page.

use crate::UseCaseError;
use crate::authorisation::demand;
use domain::access::{Actor, Permission};
use domain::ids::{JobId, TeamId};
use domain::job::Job;
use domain::page::{Page, PageRequest};
use domain::ports::{JobFilter, ReadModel};
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Lists jobs of a team.
#[derive(Clone)]
pub struct ListJobs {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl ListJobs {
    /// Demands `job.view`. Newest first. Whatever team the filter names, the jobs are those of `team`.
    #[tracing::instrument(name = "usecase.jobs.list_jobs", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        filter: JobFilter,
        page: PageRequest<JobId>,
    ) -> Result<Page<Job, JobId>, UseCaseError> {
        demand(actor, team, Permission::JobView)?;
        let filter = JobFilter {
            team_id: Some(team),
            ..filter
        };
        Ok(self.read_model.list_jobs(&filter, page).await?)
    }
}
