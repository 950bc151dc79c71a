//! All jobs, of all teams.

use crate::UseCaseError;
use domain::ids::JobId;
use domain::job::Job;
use domain::page::{Page, PageRequest};
use domain::ports::{JobFilter, ReadModel};
use std::sync::Arc;

/// Lists jobs across teams.
#[derive(Clone)]
pub struct ListAllJobs {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl ListAllJobs {
    /// A page of those that match, newest first. Shows nothing that is in the teams' environments, and
    /// is not audited.
    #[tracing::instrument(name = "usecase.administration.list_all_jobs", skip_all)]
    pub async fn run(
        &self,
        filter: &JobFilter,
        page: PageRequest<JobId>,
    ) -> Result<Page<Job, JobId>, UseCaseError> {
        Ok(self.read_model.list_jobs(filter, page).await?)
    }
}
