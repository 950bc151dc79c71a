use super::{CloneEnvironment, CloneEnvironmentCommand};
use crate::EnvironmentTarget;
use crate::job_acceptance::turns_of_job;
use crate::sample::{
    acceptance, commits, demands, environment, environment_id, finding, fitting, id, owner, target,
    team,
};
use domain::access::Permission;
use domain::environment::{Environment, EnvironmentState};
use domain::error_code::ErrorCode;
use domain::job::JobKind;
use domain::names::EnvironmentName;
use domain::ports::{Conflict, MockReadModel, MockTransaction, StoreError};
use domain::turn::TurnScope;
use std::sync::Arc;

fn use_case(
    transactions: Vec<MockTransaction>,
    read_model: MockReadModel,
    wakes: usize,
) -> CloneEnvironment {
    CloneEnvironment {
        acceptance: acceptance(transactions, read_model, wakes),
    }
}

fn command(source: EnvironmentTarget) -> CloneEnvironmentCommand {
    CloneEnvironmentCommand {
        source,
        name: EnvironmentName::parse("staging").unwrap(),
        display_name: None,
    }
}

#[tokio::test]
async fn the_permission_is_demanded_before_any_store_is_touched() {
    demands(Permission::EnvironmentClone, |actor, target| async move {
        let read_model = MockReadModel::new();
        use_case(Vec::new(), read_model, 0)
            .run(&actor, command(target))
            .await
    })
    .await;
}

#[tokio::test]
async fn the_job_is_about_the_copy_and_holds_the_source_still() {
    let mut transaction = fitting();
    transaction
        .idempotency
        .expect_insert_idempotency_record()
        .returning(|_, _| Ok(()));
    transaction
        .audit
        .expect_append_audit_event()
        .returning(|_| Ok(()));
    // The copy takes the first identifier.
    let copy = id(1_000);
    transaction
        .environments
        .expect_insert_environment()
        .withf(move |written| {
            written.id == copy
                && written.state == EnvironmentState::Provisioning
                && written.short_domain.as_str().starts_with("staging-")
                && written.display_name.as_str() == "staging"
                && written.platform_appid.is_none()
                && written.blueprint == environment().blueprint
        })
        .times(1)
        .returning(|_| Ok(()));
    transaction
        .jobs
        .expect_enqueue_job()
        .withf(move |job, turns| {
            job.kind == JobKind::EnvironmentClone
                && job.environment_id == Some(copy)
                && turns == turns_of_job(job)
                && turns
                    == [
                        TurnScope::Team(team()),
                        TurnScope::Environment(environment_id()),
                        TurnScope::Environment(copy),
                    ]
        })
        .times(1)
        .returning(|_, _| Ok(()));
    let counter = Arc::clone(&transaction.commits);
    let accepted = use_case(vec![transaction], MockReadModel::new(), 1)
        .run(&owner(), command(target()))
        .await
        .unwrap();
    let expected = format!(
        r#"{{"source":"shop-abc123","source_appid":"appid-1","source_id":"{}"}}"#,
        environment_id()
    );
    assert_eq!(accepted.job.payload.0, expected);
    assert_eq!(commits(&counter), 1);
}

#[tokio::test]
async fn only_what_runs_can_be_copied() {
    let stopped = finding(Environment {
        state: EnvironmentState::Stopped,
        ..environment()
    });
    let error = use_case(vec![stopped], MockReadModel::new(), 0)
        .run(&owner(), command(target()))
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::EnvironmentNotRunning);
}

#[tokio::test]
async fn a_taken_name_points_to_the_job_that_is_about_it() {
    let mut transaction = fitting();
    transaction
        .idempotency
        .expect_insert_idempotency_record()
        .returning(|_, _| Ok(()));
    transaction
        .environments
        .expect_insert_environment()
        .returning(|_| Err(StoreError::Conflict(Conflict::EnvironmentName)));
    let mut read_model = MockReadModel::new();
    read_model
        .expect_find_live_job_by_environment_name()
        .returning(|_, _| Ok(Some(id(99))));
    let error = use_case(vec![transaction], read_model, 0)
        .run(&owner(), command(target()))
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::EnvironmentNameTaken);
    assert_eq!(error.job_id(), Some(id(99)));
}
