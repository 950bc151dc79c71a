//! Accepting a job: idempotency record, intent, job and audit row in one transaction.

use crate::UseCaseError;
use domain::access::Actor;
use domain::error_code::ErrorCode;
use domain::ids::{EnvironmentId, JobId};
use domain::job::{EncodedData, Job, JobKind, JobProgress, JobState};
use domain::names::IdempotencyKey;
use domain::ports::{
    Clock, CommitError, Conflict, IdempotencyRecord, IdempotencyScope, ReadModel, StoreError,
    Transaction,
};
use jiff::Timestamp;
use std::time::Duration;

/// How long a job is looked for after a commit whose answer was lost.
const COMMIT_LOOKUP: Duration = Duration::from_secs(2);
/// How often it is looked for meanwhile.
const COMMIT_LOOKUP_INTERVAL: Duration = Duration::from_millis(100);

/// A job that was accepted, now or by an earlier request with the same key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedJob {
    /// The job.
    pub job: Job,
    /// Whether an earlier request with the same key created it.
    pub is_replayed: bool,
}

/// A new job of an actor.
pub(crate) fn new_job(
    id: JobId,
    actor: &Actor,
    kind: JobKind,
    environment_id: EnvironmentId,
    payload: EncodedData,
    now: Timestamp,
) -> Job {
    Job {
        id,
        team_id: actor.team_id(),
        kind,
        kind_version: kind.version(),
        state: JobState::Queued,
        environment_id: Some(environment_id),
        principal: actor.principal(),
        payload,
        progress: JobProgress::default(),
        waiting_for: None,
        failure: None,
        is_cancel_requested: false,
        retry_of: None,
        created_at: now,
        started_at: None,
        finished_at: None,
        log_sequence: 0,
        version: 1,
    }
}

/// Under which a request is remembered.
pub(crate) fn idempotency_scope(
    actor: &Actor,
    operation: &'static str,
    key: IdempotencyKey,
) -> IdempotencyScope {
    let principal = actor.principal().as_text();
    IdempotencyScope {
        team_id: actor.team_id(),
        principal,
        operation,
        key,
    }
}

/// The job that the same request created before; an error when the key stands for another request.
pub(crate) async fn find_replay(
    transaction: &mut dyn Transaction,
    scope: &IdempotencyScope,
    fingerprint: &[u8],
) -> Result<Option<AcceptedJob>, UseCaseError> {
    let Some(record) = transaction
        .idempotency()
        .find_idempotency_record(scope)
        .await?
    else {
        return Ok(None);
    };
    if record.fingerprint != fingerprint {
        return Err(UseCaseError::new(
            ErrorCode::IdempotencyKeyReused,
            "the idempotency key was used before with another request",
        ));
    }
    let job = transaction
        .jobs()
        .find_job(scope.team_id, record.job_id)
        .await?;
    let job = job.ok_or_else(UseCaseError::not_found)?;
    Ok(Some(AcceptedJob {
        job,
        is_replayed: true,
    }))
}

/// What inserting the record came to.
pub(crate) enum Remembered {
    /// The key was free.
    Stored,
    /// Another request with the same key was faster; look again in a new transaction.
    Raced,
}

/// Remembers the request under its key.
pub(crate) async fn remember(
    transaction: &mut dyn Transaction,
    scope: &IdempotencyScope,
    fingerprint: Vec<u8>,
    job_id: JobId,
) -> Result<Remembered, UseCaseError> {
    let record = IdempotencyRecord {
        fingerprint,
        job_id,
    };
    match transaction
        .idempotency()
        .insert_idempotency_record(scope, &record)
        .await
    {
        Ok(()) => Ok(Remembered::Stored),
        Err(StoreError::Conflict(Conflict::IdempotencyKey)) => Ok(Remembered::Raced),
        Err(StoreError::Conflict(Conflict::IdempotencyInFlight)) => Err(UseCaseError::new(
            ErrorCode::IdempotencyInFlight,
            "a request with the same idempotency key is being worked on",
        )),
        Err(error) => Err(error.into()),
    }
}

/// Commits the transaction that holds a new job. When the answer is lost, the job is looked up by
/// the id that was made before; a request is never answered with a guess.
pub(crate) async fn commit_job(
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

#[cfg(test)]
mod tests;
