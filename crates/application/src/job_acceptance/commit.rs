//! Committing a new job, also when the answer of the commit is lost.

use crate::UseCaseError;
use domain::error_code::ErrorCode;
use domain::job::Job;
use domain::ports::{Clock, CommitError, ReadModel, Transaction};
use std::time::Duration;

/// How long a job is looked for after a commit whose answer was lost.
pub(super) const COMMIT_LOOKUP: Duration = Duration::from_secs(2);
/// How often it is looked for meanwhile.
const COMMIT_LOOKUP_INTERVAL: Duration = Duration::from_millis(100);

/// Commits the transaction that holds a new job. When the answer is lost, the job is looked up by
/// the id that was made before; a request is never answered with a guess.
pub(super) async fn commit_job(
    transaction: Box<dyn Transaction>,
    job: &Job,
    read_model: &dyn ReadModel,
    clock: &dyn Clock,
) -> Result<(), UseCaseError> {
    let cause = match transaction.commit().await {
        Ok(()) => return Ok(()),
        Err(CommitError::RolledBack(error)) => return Err(error.into()),
        Err(CommitError::OutcomeUnknown(cause)) => cause,
    };
    let deadline = clock.instant().plus(COMMIT_LOOKUP);
    loop {
        if let Ok(Some(_)) = read_model.find_job(job.team_id, job.id).await {
            return Ok(());
        }
        if clock.instant() >= deadline {
            return Err(UseCaseError::new(
                ErrorCode::OutcomeUnknown,
                "the store lost the answer; ask for the job to learn whether it was accepted",
            )
            .with_job(job.id)
            .caused_by(cause));
        }
        clock.sleep(COMMIT_LOOKUP_INTERVAL).await;
    }
}
