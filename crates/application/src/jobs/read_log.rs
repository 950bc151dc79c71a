//! The log of a job, page by page.

use crate::UseCaseError;
use crate::authorisation::demand;
use domain::access::{Actor, Permission};
use domain::ids::{JobId, TeamId};
use domain::job::{Job, JobLogLine};
use domain::page::{Page, PageRequest};
use domain::ports::ReadModel;
use std::sync::Arc;

/// Reads lines of a job's log.
#[derive(Clone)]
pub struct ReadJobLog {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl ReadJobLog {
    /// Demands `job.view`. The job comes along, so that a follower knows when no line can come any
    /// more; it is read before the lines.
    #[tracing::instrument(name = "usecase.jobs.read_job_log", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        job: JobId,
        page: PageRequest<i64>,
    ) -> Result<(Job, Page<JobLogLine, i64>), UseCaseError> {
        demand(actor, team, Permission::JobView)?;
        let found = self.read_model.find_job(team, job).await?;
        let found = found.ok_or_else(UseCaseError::not_found)?;
        let lines = self.read_model.list_job_log(job, page).await?;
        Ok((found.job, lines))
    }
}
