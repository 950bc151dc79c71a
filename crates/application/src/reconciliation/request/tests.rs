use super::{SyncTeam, SyncTeamCommand};
use crate::UseCaseError;
use crate::job_acceptance::AcceptedJob;
use crate::sample::{acceptance, actor, commits, fitting, job_id, running_job, team};
use domain::access::Permission;
use domain::error_code::ErrorCode;
use domain::job::JobKind;
use domain::names::IdempotencyKey;
use domain::ports::{CommitError, Conflict, MockReadModel, MockTransaction, StoreError};
use mockall::predicate::eq;

async fn ask(
    permissions: &[Permission],
    transactions: Vec<MockTransaction>,
    wakes: usize,
) -> Result<AcceptedJob, UseCaseError> {
    let use_case = SyncTeam {
        acceptance: acceptance(transactions, MockReadModel::new(), wakes),
    };
    let command = SyncTeamCommand {
        team_id: team(),
        idempotency_key: IdempotencyKey::parse("a").unwrap(),
    };
    use_case.run(&actor(permissions), command).await
}

const ALLOWED: &[Permission] = &[Permission::EnvironmentSync];

/// No sync is on its way; this becomes of a new one.
fn enqueueing(outcome: fn() -> Result<(), StoreError>) -> MockTransaction {
    let mut transaction = fitting();
    transaction
        .idempotency
        .expect_insert_idempotency_record()
        .returning(|_, _| Ok(()));
    let jobs = &mut transaction.jobs;
    jobs.expect_find_live_sync().returning(|_| Ok(None));
    jobs.expect_enqueue_job()
        .withf(|job, turns| job.kind == JobKind::TeamSync && turns.is_empty())
        .returning(move |_, _| outcome());
    transaction
        .audit
        .expect_append_audit_event()
        .returning(|_| Ok(()));
    transaction
}

fn too_late() -> MockTransaction {
    enqueueing(|| Err(StoreError::Conflict(Conflict::LiveSync)))
}

/// One is on its way; the request is remembered to have been answered with it.
fn joining() -> MockTransaction {
    let mut transaction = fitting();
    let jobs = &mut transaction.jobs;
    jobs.expect_find_live_sync()
        .with(eq(team()))
        .returning(|_| Ok(Some(job_id())));
    jobs.expect_find_job()
        .returning(|_, _| Ok(Some(running_job())));
    transaction
        .idempotency
        .expect_insert_idempotency_record()
        .withf(|scope, record| {
            scope.operation == JobKind::TeamSync.as_str() && record.job_id == job_id()
        })
        .times(1)
        .returning(|_, _| Ok(()));
    transaction
}

#[tokio::test]
async fn the_permission_is_demanded_before_anything_is_looked_up() {
    let refused = ask(&[Permission::EnvironmentView], Vec::new(), 0).await;
    assert_eq!(refused.unwrap_err().code(), ErrorCode::PermissionDenied);
}

#[tokio::test]
async fn a_sync_takes_no_turn() {
    let accepted = ask(ALLOWED, vec![enqueueing(|| Ok(()))], 1).await;
    assert_eq!(accepted.unwrap().job.kind, JobKind::TeamSync);
}

#[tokio::test]
async fn one_that_is_on_its_way_is_the_answer_and_stays_the_answer_under_the_key() {
    let transaction = joining();
    let counter = transaction.commits.clone();
    let accepted = ask(ALLOWED, vec![transaction], 0).await.unwrap();
    assert!(accepted.is_replayed);
    assert_eq!(accepted.job.id, job_id());
    assert_eq!(commits(&counter), 1);
}

#[tokio::test]
async fn one_that_was_faster_is_the_answer_too() {
    let accepted = ask(ALLOWED, vec![too_late(), joining()], 0).await;
    assert!(accepted.unwrap().is_replayed);
}

#[tokio::test]
async fn one_that_was_faster_and_has_ended_leaves_room_for_a_new_one() {
    let transactions = vec![too_late(), enqueueing(|| Ok(()))];
    let accepted = ask(ALLOWED, transactions, 1).await.unwrap();
    assert!(!accepted.is_replayed);
}

#[tokio::test]
async fn when_others_stay_faster_it_is_said() {
    let transactions = (0..4).map(|_| too_late()).collect();
    let refused = ask(ALLOWED, transactions, 0).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::JobStateConflict);
}

#[tokio::test]
async fn when_the_answer_of_the_commit_is_lost_the_key_tells_whether_it_is_remembered() {
    let lost = || {
        let mut lost = joining();
        lost.commit_error = Some(CommitError::OutcomeUnknown("connection reset".into()));
        lost
    };
    let accepted = ask(ALLOWED, vec![lost(), joining()], 0).await;
    assert_eq!(accepted.unwrap().job.id, job_id());
    let refused = ask(ALLOWED, (0..4).map(|_| lost()).collect(), 0).await;
    assert_eq!(refused.unwrap_err().code(), ErrorCode::OutcomeUnknown);
}
