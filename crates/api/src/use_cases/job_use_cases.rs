//! Jobs: see them, stop them, do them once more.

use application::jobs::{CancelJob, GetJob, ListJobs, ReadJobLog, RetryJob};
use application::{CredentialCustody, JobAcceptance};
use domain::ports::EventBus;
use std::sync::Arc;

/// What can be asked about jobs.
#[derive(Clone)]
pub struct JobUseCases {
    /// Shows one job, now or when it has come to rest.
    pub get: GetJob,
    /// Lists jobs.
    pub list: ListJobs,
    /// Reads a job's log.
    pub read_log: ReadJobLog,
    /// Cancels a job.
    pub cancel: CancelJob,
    /// Does a job once more.
    pub retry: RetryJob,
}

impl JobUseCases {
    /// On the ports of accepting jobs.
    pub fn new(
        acceptance: &JobAcceptance,
        custody: &CredentialCustody,
        events: &Arc<dyn EventBus>,
    ) -> Self {
        let read_model = || Arc::clone(&acceptance.read_model);
        let clock = || Arc::clone(&acceptance.clock);
        Self {
            get: GetJob {
                read_model: read_model(),
                events: Arc::clone(events),
                clock: clock(),
            },
            list: ListJobs {
                read_model: read_model(),
            },
            read_log: ReadJobLog {
                read_model: read_model(),
            },
            cancel: CancelJob {
                unit_of_work: Arc::clone(&acceptance.unit_of_work),
                events: Arc::clone(events),
                wake_up: Arc::clone(&acceptance.wake_up),
                ids: Arc::clone(&acceptance.ids),
                clock: clock(),
            },
            retry: RetryJob {
                acceptance: acceptance.clone(),
                custody: custody.clone(),
            },
        }
    }
}
