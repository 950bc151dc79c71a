//! One request, one job: what was asked for under a key is remembered, and answered again with its job.

use super::AcceptedJob;
use crate::UseCaseError;
use domain::access::Actor;
use domain::error_code::ErrorCode;
use domain::ids::JobId;
use domain::names::IdempotencyKey;
use domain::ports::{Conflict, IdempotencyRecord, IdempotencyScope, StoreError, Transaction};

/// Under which a request is remembered.
pub(super) fn idempotency_scope(
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
pub(super) async fn find_replay(
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
pub(super) enum Remembered {
    /// The key was free.
    Stored,
    /// Another request with the same key was faster; look again in a new transaction.
    Raced,
}

/// Remembers the request under its key.
pub(super) async fn remember(
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
        Err(StoreError::Conflict(Conflict::IdempotencyInFlight)) => Err(in_flight()),
        Err(error) => Err(error.into()),
    }
}

/// Somebody else works on a request with this key just now.
pub(super) fn in_flight() -> UseCaseError {
    UseCaseError::new(
        ErrorCode::IdempotencyInFlight,
        "a request with the same idempotency key is being worked on",
    )
}
