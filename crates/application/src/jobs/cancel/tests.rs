use super::CancelJob;
use crate::UseCaseError;
use crate::sample::{
    CountingIds, HandClock, actor, commits, environment, environment_id, foreign_team, job_id,
    owner, running_job, team, unit_of_work,
};
use domain::access::Permission;
use domain::environment::{Environment, EnvironmentState};
use domain::error_code::ErrorCode;
use domain::job::{EncodedData, Job, JobKind, JobState};
use domain::ports::{
    CancelAnswer, CommitError, JobChanged, MockEventBus, MockTransaction, MockWakeUp, StoreError,
};
use std::sync::Arc;

fn use_case(transactions: Vec<MockTransaction>, notices: usize) -> CancelJob {
    let mut events = MockEventBus::new();
    events
        .expect_publish()
        .times(notices)
        .withf(|notice| {
            *notice
                == JobChanged {
                    team_id: team(),
                    job_id: job_id(),
                }
        })
        .return_const(());
    let mut wake_up = MockWakeUp::new();
    wake_up.expect_wake().times(notices).return_const(());
    CancelJob {
        unit_of_work: unit_of_work(transactions),
        events: Arc::new(events),
        wake_up: Arc::new(wake_up),
        ids: Arc::new(CountingIds::default()),
        clock: Arc::new(HandClock::default()),
    }
}

fn job(kind: JobKind) -> Job {
    Job {
        kind,
        state: JobState::Queued,
        ..running_job()
    }
}

/// A transaction in which the store answers the wish like this.
fn answering(kind: JobKind, answer: CancelAnswer) -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction
        .jobs
        .expect_find_job()
        .returning(move |_, _| Ok(Some(job(kind))));
    transaction
        .jobs
        .expect_cancel_job()
        .times(1)
        .returning(move |_, _| Ok(answer));
    transaction
}

fn audited(mut transaction: MockTransaction) -> MockTransaction {
    transaction
        .audit
        .expect_append_audit_event()
        .times(1)
        .withf(|event| event.action == "job.cancel" && event.target == job_id().to_string())
        .returning(|_| Ok(()));
    transaction
}

async fn cancel(use_case: CancelJob) -> Result<Job, UseCaseError> {
    use_case.run(&owner(), team(), job_id()).await
}

#[tokio::test]
async fn permission_and_team_are_checked_before_any_store_is_touched() {
    let caller = actor(&[Permission::JobView]);
    let error = use_case(Vec::new(), 0).run(&caller, team(), job_id()).await;
    assert_eq!(error.unwrap_err().code(), ErrorCode::PermissionDenied);
    let error = use_case(Vec::new(), 0)
        .run(&owner(), foreign_team(), job_id())
        .await;
    assert_eq!(error.unwrap_err().code(), ErrorCode::NotFound);
}

#[tokio::test]
async fn a_job_that_has_ended_is_told_apart_from_one_that_never_was() {
    let too_late = answering(JobKind::AddonInstall, CancelAnswer::TooLate);
    let counter = Arc::clone(&too_late.commits);
    let error = cancel(use_case(vec![too_late], 0)).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::CancelTooLate);
    assert_eq!(error.job_id(), Some(job_id()));
    assert_eq!(commits(&counter), 0);

    let mut unknown = MockTransaction::default();
    unknown.jobs.expect_find_job().returning(|_, _| Ok(None));
    let error = cancel(use_case(vec![unknown], 0)).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::NotFound);
}

#[tokio::test]
async fn a_running_job_is_asked_and_its_environment_left_to_its_undo() {
    // No expectation on environments: touching one would panic.
    let asked = audited(answering(
        JobKind::EnvironmentProvision,
        CancelAnswer::Requested,
    ));
    let counter = Arc::clone(&asked.commits);
    cancel(use_case(vec![asked], 1)).await.unwrap();
    assert_eq!(commits(&counter), 1);
}

#[tokio::test]
async fn a_provisioning_that_never_began_frees_the_name_of_its_environment() {
    let mut cancelled = audited(answering(
        JobKind::EnvironmentProvision,
        CancelAnswer::Cancelled,
    ));
    cancelled
        .environments
        .expect_find_environment()
        .withf(|asked_team, id| *asked_team == team() && *id == environment_id())
        .returning(|_, _| {
            Ok(Some(Environment {
                state: EnvironmentState::Provisioning,
                ..environment()
            }))
        });
    cancelled
        .environments
        .expect_update_environment()
        .times(1)
        .withf(|written| written.state == EnvironmentState::Failed)
        .returning(|_| Ok(()));
    let counter = Arc::clone(&cancelled.commits);
    cancel(use_case(vec![cancelled], 1)).await.unwrap();
    assert_eq!(commits(&counter), 1);
}

#[tokio::test]
async fn an_addon_job_that_never_began_leaves_the_environment_as_it_is() {
    // No expectation on environments: touching one would panic.
    let cancelled = audited(answering(JobKind::AddonInstall, CancelAnswer::Cancelled));
    cancel(use_case(vec![cancelled], 1)).await.unwrap();
}

#[tokio::test]
async fn without_its_audit_line_the_wish_is_not_stored() {
    let mut asked = answering(JobKind::AddonInstall, CancelAnswer::Requested);
    asked
        .audit
        .expect_append_audit_event()
        .returning(|_| Err(StoreError::Busy));
    let counter = Arc::clone(&asked.commits);
    let error = cancel(use_case(vec![asked], 0)).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::TemporarilyUnavailable);
    assert_eq!(commits(&counter), 0);
}

#[tokio::test]
async fn a_lost_commit_is_answered_with_the_job_to_ask_for() {
    let mut asked = audited(answering(JobKind::AddonInstall, CancelAnswer::Requested));
    asked.commit_error = Some(CommitError::OutcomeUnknown("connection reset".into()));
    let error = cancel(use_case(vec![asked], 0)).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::OutcomeUnknown);
    assert_eq!(error.job_id(), Some(job_id()));
}

#[tokio::test]
async fn a_deletion_that_never_began_leaves_the_environment_what_it_was() {
    let mut cancelled = MockTransaction::default();
    cancelled.jobs.expect_find_job().returning(|_, _| {
        Ok(Some(Job {
            payload: EncodedData(r#"{"appid":"","state_before":"sleeping"}"#.to_owned()),
            ..job(JobKind::EnvironmentDelete)
        }))
    });
    cancelled
        .jobs
        .expect_cancel_job()
        .returning(|_, _| Ok(CancelAnswer::Cancelled));
    cancelled
        .environments
        .expect_find_environment()
        .returning(|_, _| {
            Ok(Some(Environment {
                state: EnvironmentState::Deleting,
                ..environment()
            }))
        });
    cancelled
        .environments
        .expect_update_environment()
        .times(1)
        .withf(|written| written.state == EnvironmentState::Sleeping)
        .returning(|_| Ok(()));
    cancel(use_case(vec![audited(cancelled)], 1)).await.unwrap();
}
