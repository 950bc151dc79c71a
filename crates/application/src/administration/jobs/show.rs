//! One job with everything that is written about it.

use super::find_job;
use crate::UseCaseError;
use crate::workflows::journal::Journal;
use domain::ids::{JobId, StepAttemptId};
use domain::job::JobLogLine;
use domain::job::journal::StepAttempt;
use domain::limits::PAGE_SIZE_MAX;
use domain::page::PageRequest;
use domain::ports::{JobDetails, JobQueue, ReadModel};
use std::sync::Arc;

/// What is known about a job.
#[derive(Debug, Clone)]
pub struct JobDossier {
    /// The job and its place in the line.
    pub details: JobDetails,
    /// Its journal, in order.
    pub journal: Vec<StepAttempt>,
    /// The attempt that is not settled.
    pub in_doubt: Option<StepAttemptId>,
    /// Its log, in order.
    pub log: Vec<JobLogLine>,
}

/// Shows a job.
#[derive(Clone)]
pub struct ShowJob {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
    /// The journal.
    pub job_queue: Arc<dyn JobQueue>,
}

impl ShowJob {
    /// Reads the job, its journal and its whole log.
    #[tracing::instrument(name = "usecase.administration.show_job", skip_all)]
    pub async fn run(&self, job: JobId) -> Result<JobDossier, UseCaseError> {
        let details = find_job(&*self.read_model, job).await?;
        let journal = self.job_queue.load_journal(job).await?;
        let in_doubt = Journal::new(journal.clone()).in_doubt().map(|it| it.id);
        let mut log = Vec::new();
        let mut after = None;
        loop {
            let page = PageRequest::new(PAGE_SIZE_MAX, after);
            let found = self.read_model.list_job_log(job, page).await?;
            log.extend(found.items);
            after = found.next_after;
            if after.is_none() {
                break;
            }
        }
        Ok(JobDossier {
            details,
            journal,
            in_doubt,
            log,
        })
    }
}
