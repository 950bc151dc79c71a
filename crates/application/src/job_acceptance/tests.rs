use super::backlog::check_backlog;
use super::commit::{COMMIT_LOOKUP, commit_job};
use super::replay::{Remembered, find_replay, idempotency_scope, remember};
use super::{PlannedJob, new_job};
use crate::UseCaseError;
use crate::authorisation::demand;
use crate::sample::{
    HandClock, beginning, commits, environment_id, job_id, key, owner, team, token_id,
};
use domain::access::{Permission, PermissionSet, Principal};
use domain::error_code::ErrorCode;
use domain::job::{EncodedData, Job, JobKind, JobState};
use domain::ports::{
    BacklogLimits, Clock, CommitError, Conflict, FullBacklog, IdempotencyRecord, IdempotencyScope,
    JobDetails, MockReadModel, MockTransaction, StoreError,
};
use std::num::NonZeroU32;

fn scope() -> IdempotencyScope {
    idempotency_scope(&owner(), "environments.create", key())
}

fn queued_job() -> Job {
    let payload = EncodedData("{}".to_owned());
    let planned = PlannedJob::about(JobKind::AddonInstall, team(), environment_id(), payload);
    let owner = owner();
    let authorised = demand(&owner, team(), Permission::AddonInstall).unwrap();
    new_job(job_id(), authorised, &planned, beginning())
}

fn remembered(fingerprint: &[u8]) -> MockTransaction {
    let record = IdempotencyRecord {
        fingerprint: fingerprint.to_vec(),
        job_id: job_id(),
    };
    let mut transaction = MockTransaction::default();
    transaction
        .idempotency
        .expect_find_idempotency_record()
        .withf(|asked| *asked == scope())
        .returning(move |_| Ok(Some(record.clone())));
    transaction
}

#[test]
fn a_new_job_is_queued_in_the_actors_name() {
    let job = queued_job();
    assert_eq!(job.state, JobState::Queued);
    assert_eq!(job.principal, Principal::Token(token_id()));
    assert_eq!(
        (job.team_id, job.environment_id),
        (team(), Some(environment_id()))
    );
    assert_eq!(job.kind_version, JobKind::AddonInstall.version());
    let demanded: PermissionSet = [Permission::AddonInstall].into_iter().collect();
    assert_eq!(job.required_permissions, demanded);
}

#[tokio::test]
async fn a_full_backlog_refuses_until_some_have_ended() {
    let limits = BacklogLimits {
        per_team: NonZeroU32::new(7).unwrap(),
        in_all: NonZeroU32::new(9).unwrap(),
    };
    for (full, code) in [
        (FullBacklog::OfTeam, ErrorCode::TeamBacklogFull),
        (FullBacklog::InAll, ErrorCode::BacklogFull),
    ] {
        let mut transaction = MockTransaction::default();
        transaction
            .jobs
            .expect_find_full_backlog()
            .withf(move |asked, given| *asked == team() && *given == limits)
            .returning(move |_, _| Ok(Some(full)));
        let refused = check_backlog(&mut transaction, team(), limits).await;
        let error = refused.unwrap_err();
        assert_eq!(error.code(), code);
        assert!(error.wait().is_some_and(|wait| !wait.is_zero()));
    }
}

#[tokio::test]
async fn the_same_request_gives_the_job_of_the_first_one() {
    let mut transaction = remembered(b"request");
    transaction
        .jobs
        .expect_find_job()
        .withf(|asked_team, asked| *asked_team == team() && *asked == job_id())
        .returning(|_, _| Ok(Some(queued_job())));
    let replay = find_replay(&mut transaction, &scope(), b"request").await;
    let replay = replay.unwrap().unwrap();
    assert!(replay.is_replayed);
    assert_eq!(replay.job, queued_job());
}

#[tokio::test]
async fn another_request_under_the_key_is_refused_and_learns_nothing_of_the_job() {
    // No expectation on the jobs: looking the job up would panic.
    let mut transaction = remembered(b"request");
    let error = find_replay(&mut transaction, &scope(), b"another").await;
    let error = error.unwrap_err();
    assert_eq!(error.code(), ErrorCode::IdempotencyKeyReused);
    assert_eq!(error.job_id(), None);
}

async fn remember_while(answer: Result<(), StoreError>) -> Result<bool, UseCaseError> {
    let mut transaction = MockTransaction::default();
    transaction
        .idempotency
        .expect_insert_idempotency_record()
        .withf(|asked, record| {
            *asked == scope() && record.fingerprint == b"request" && record.job_id == job_id()
        })
        .return_once(|_, _| answer);
    let stored = remember(&mut transaction, &scope(), b"request".to_vec(), job_id()).await?;
    Ok(matches!(stored, Remembered::Stored))
}

#[tokio::test]
async fn a_key_that_was_taken_meanwhile_is_a_race_and_one_in_flight_a_conflict() {
    assert!(remember_while(Ok(())).await.unwrap());
    let taken = Err(StoreError::Conflict(Conflict::IdempotencyKey));
    assert!(!remember_while(taken).await.unwrap());
    let in_flight = Err(StoreError::Conflict(Conflict::IdempotencyInFlight));
    let error = remember_while(in_flight).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::IdempotencyInFlight);
    let error = remember_while(Err(StoreError::Busy)).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::TemporarilyUnavailable);
}

/// Commits with this answer while the job becomes visible at the given look, if ever.
async fn commit_with(
    answer: Option<CommitError>,
    visible_at_look: Option<usize>,
) -> (Result<(), UseCaseError>, HandClock) {
    let clock = HandClock::default();
    let mut read_model = MockReadModel::new();
    let mut looks = 0;
    read_model.expect_find_job().returning(move |_, _| {
        looks += 1;
        if looks == 1 {
            // The store has trouble just now; that says nothing about the job.
            return Err(StoreError::Busy);
        }
        Ok(visible_at_look
            .filter(|at| looks >= *at)
            .map(|_| JobDetails {
                job: queued_job(),
                turn_holder: None,
                jobs_ahead: 0,
            }))
    });
    let transaction = MockTransaction {
        commit_error: answer,
        ..MockTransaction::default()
    };
    let counter = transaction.commits.clone();
    let end = commit_job(Box::new(transaction), &queued_job(), &read_model, &clock).await;
    assert_eq!(commits(&counter), 1);
    (end, clock)
}

#[tokio::test]
async fn a_commit_whose_answer_was_lost_counts_once_the_job_is_found() {
    let lost = || Some(CommitError::OutcomeUnknown("connection reset".into()));
    let (end, clock) = commit_with(lost(), Some(3)).await;
    end.unwrap();
    let waited = HandClock::default().instant().until(clock.instant());
    assert!(waited.as_millis() <= 200, "{waited:?}");
}

#[tokio::test]
async fn a_commit_that_stays_unknown_is_said_to_be_with_the_job_to_ask_for() {
    let lost = CommitError::OutcomeUnknown("connection reset".into());
    let (end, clock) = commit_with(Some(lost), None).await;
    let error = end.unwrap_err();
    assert_eq!(error.code(), ErrorCode::OutcomeUnknown);
    assert_eq!(error.job_id(), Some(job_id()));
    let waited = HandClock::default().instant().until(clock.instant());
    assert_eq!(waited, COMMIT_LOOKUP);
}

#[tokio::test]
async fn a_commit_that_was_rolled_back_is_not_looked_up() {
    let rolled_back = CommitError::RolledBack(StoreError::Busy);
    let (end, clock) = commit_with(Some(rolled_back), Some(1)).await;
    assert_eq!(end.unwrap_err().code(), ErrorCode::TemporarilyUnavailable);
    assert_eq!(clock.instant(), HandClock::default().instant());
}
