use super::{SyncTeam, SyncTeamCommand};
use crate::UseCaseError;
use crate::job_acceptance::AcceptedJob;
use crate::sample::{acceptance, actor, fitting, job_id, running_job, team};
use domain::access::Permission;
use domain::error_code::ErrorCode;
use domain::job::JobKind;
use domain::names::IdempotencyKey;
use domain::ports::{Conflict, JobDetails, MockReadModel, MockTransaction, StoreError};

async fn ask(
    permissions: &[Permission],
    transactions: Vec<MockTransaction>,
    read_model: MockReadModel,
    wakes: usize,
) -> Result<AcceptedJob, UseCaseError> {
    let use_case = SyncTeam {
        acceptance: acceptance(transactions, read_model, wakes),
    };
    let command = SyncTeamCommand {
        team_id: team(),
        idempotency_key: IdempotencyKey::parse("a").unwrap(),
    };
    use_case.run(&actor(permissions), command).await
}

/// The store says each time whether a sync is on its way.
fn live(answers: Vec<bool>) -> MockReadModel {
    let mut read_model = MockReadModel::new();
    let mut answers = answers.into_iter();
    read_model
        .expect_find_live_sync()
        .returning(move |_| Ok(answers.next().unwrap().then(job_id)));
    read_model.expect_find_job().returning(|_, _| {
        Ok(Some(JobDetails {
            job: running_job(),
            turn_holder: None,
            jobs_ahead: 0,
        }))
    });
    read_model
}

fn enqueueing(outcome: fn() -> Result<(), StoreError>) -> MockTransaction {
    let mut transaction = fitting();
    transaction
        .idempotency
        .expect_insert_idempotency_record()
        .returning(|_, _| Ok(()));
    transaction
        .jobs
        .expect_enqueue_job()
        .withf(|job, turns| job.kind == JobKind::TeamSync && turns.is_empty())
        .returning(move |_, _| outcome());
    transaction
        .audit
        .expect_append_audit_event()
        .returning(|_| Ok(()));
    transaction
}

#[tokio::test]
async fn the_permission_is_demanded_before_anything_is_looked_up() {
    let refused = ask(
        &[Permission::EnvironmentView],
        Vec::new(),
        MockReadModel::new(),
        0,
    )
    .await;
    assert_eq!(refused.unwrap_err().code(), ErrorCode::PermissionDenied);
}

#[tokio::test]
async fn a_sync_takes_no_turn() {
    let transactions = vec![enqueueing(|| Ok(()))];
    let accepted = ask(
        &[Permission::EnvironmentSync],
        transactions,
        live(vec![false]),
        1,
    )
    .await;
    assert_eq!(accepted.unwrap().job.kind, JobKind::TeamSync);
}

#[tokio::test]
async fn one_that_is_on_its_way_is_the_answer() {
    let accepted = ask(
        &[Permission::EnvironmentSync],
        Vec::new(),
        live(vec![true]),
        0,
    )
    .await;
    assert!(accepted.unwrap().is_replayed);
}

#[tokio::test]
async fn one_that_was_faster_is_the_answer_too() {
    let transactions = vec![enqueueing(|| Err(StoreError::Conflict(Conflict::LiveSync)))];
    let answers = live(vec![false, true]);
    let accepted = ask(&[Permission::EnvironmentSync], transactions, answers, 0).await;
    assert!(accepted.unwrap().is_replayed);
}
