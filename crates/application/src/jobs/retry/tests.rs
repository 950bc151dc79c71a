use super::RetryJob;
use crate::UseCaseError;
use crate::job_acceptance::AcceptedJob;
use crate::sample::{
    acceptance, actor, beginning, custody, environment, environment_id, fitting, foreign_team,
    job_id, key, owner, running_job, team, team_key,
};
use crate::workflows::payloads::{PasswordOf, PasswordPayload, SealedBytes, decode, encode};
use domain::SecretText;
use domain::access::{Actor, Permission};
use domain::error_code::ErrorCode;
use domain::job::{EncodedData, Job, JobKind, JobState};
use domain::ports::{Conflict, JobDetails, MockReadModel, MockTransaction, StoreError};

fn came_to_nothing(kind: JobKind, payload: EncodedData) -> Job {
    Job {
        kind,
        payload,
        state: JobState::Failed,
        finished_at: Some(beginning()),
        required_permissions: [Permission::PasswordReset].into_iter().collect(),
        ..running_job()
    }
}

async fn retry(
    actor: &Actor,
    job: Job,
    transactions: Vec<MockTransaction>,
) -> Result<AcceptedJob, UseCaseError> {
    let wakes = transactions.len();
    let mut read_model = MockReadModel::new();
    read_model.expect_find_job().returning(move |_, _| {
        Ok(Some(JobDetails {
            job: job.clone(),
            turn_holder: None,
            jobs_ahead: 0,
        }))
    });
    let use_case = RetryJob {
        acceptance: acceptance(transactions, read_model, wakes),
        custody: custody(),
    };
    use_case.run(actor, team(), job_id(), &key()).await
}

/// One in which a job is accepted that repeats the sample job.
fn accepting(enqueued: Result<(), Conflict>) -> MockTransaction {
    let mut transaction = fitting();
    transaction
        .idempotency
        .expect_insert_idempotency_record()
        .withf(|scope, _| scope.operation == "job.retry")
        .returning(|_, _| Ok(()));
    transaction
        .environments
        .expect_insert_environment()
        .returning(|_| Ok(()));
    transaction
        .jobs
        .expect_enqueue_job()
        .withf(|job, _| job.retry_of == Some(job_id()) && job.id != job_id())
        .times(1)
        .returning(move |_, _| enqueued.map_err(StoreError::Conflict));
    transaction
        .audit
        .expect_append_audit_event()
        .withf(|event| event.action == "job.retry" && event.target == job_id().to_string())
        .returning(|_| Ok(()));
    transaction
}

fn resetting() -> Job {
    let secret = SecretText::new("n3w".to_owned());
    let sealed = custody()
        .seal_job_secret(&team_key(), job_id(), team(), &secret)
        .unwrap();
    let payload = PasswordPayload {
        node: 1,
        of: PasswordOf::Root,
        sealed: SealedBytes::of(sealed),
    };
    came_to_nothing(JobKind::PasswordReset, encode(&payload).unwrap())
}

#[tokio::test]
async fn the_permission_is_demanded_before_any_store_is_touched() {
    let use_case = RetryJob {
        acceptance: acceptance(Vec::new(), MockReadModel::new(), 0),
        custody: custody(),
    };
    let others = [Permission::JobView, Permission::PasswordReset];
    let denied = use_case
        .run(&actor(&others), team(), job_id(), &key())
        .await;
    assert_eq!(denied.unwrap_err().code(), ErrorCode::PermissionDenied);
    let foreign = use_case
        .run(&owner(), foreign_team(), job_id(), &key())
        .await;
    assert_eq!(foreign.unwrap_err().code(), ErrorCode::NotFound);
}

#[tokio::test]
async fn what_the_job_had_demanded_is_demanded_again() {
    let denied = retry(&actor(&[Permission::JobRetry]), resetting(), Vec::new()).await;
    assert_eq!(denied.unwrap_err().code(), ErrorCode::PermissionDenied);
}

#[tokio::test]
async fn only_what_came_to_nothing_is_done_once_more() {
    for state in [
        JobState::Queued,
        JobState::Running,
        JobState::Waiting,
        JobState::Cancelling,
        JobState::Succeeded,
        JobState::NeedsAttention,
    ] {
        let job = Job {
            state,
            ..resetting()
        };
        let refused = retry(&owner(), job, Vec::new()).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::JobStateConflict, "{state:?}");
    }
}

#[tokio::test]
async fn a_secret_is_sealed_anew_for_the_new_job() {
    let accepted = retry(&owner(), resetting(), vec![accepting(Ok(()))]).await;
    let job = accepted.unwrap().job;
    assert_eq!(job.retry_of, Some(job_id()));
    assert_eq!(job.environment_id, Some(environment_id()));
    let payload: PasswordPayload = decode(&job.payload).unwrap();
    let sealed = payload.sealed.secret();
    let opened = custody().open_job_secret(&team_key(), job.id, team(), &sealed);
    assert_eq!(opened.unwrap().expose(), "n3w");
    let by_the_old = custody().open_job_secret(&team_key(), job_id(), team(), &sealed);
    assert!(by_the_old.is_err());
}

#[tokio::test]
async fn an_environment_that_was_not_built_is_begun_anew_under_its_name() {
    let payload = EncodedData(r#"{"layers":[],"package":null,"addons":[]}"#.to_owned());
    let job = came_to_nothing(JobKind::EnvironmentProvision, payload.clone());
    let mut transaction = accepting(Ok(()));
    transaction.environments.checkpoint();
    let mut given_up = environment();
    given_up.state = domain::environment::EnvironmentState::Failed;
    transaction
        .environments
        .expect_find_environment()
        .returning(move |_, _| Ok(Some(given_up.clone())));
    transaction
        .environments
        .expect_insert_environment()
        .withf(|made| {
            made.name == environment().name
                && made.id != environment_id()
                && made.short_domain != environment().short_domain
                && made.platform_appid.is_none()
        })
        .times(1)
        .returning(|_| Ok(()));
    let job = retry(&owner(), job, vec![transaction]).await.unwrap().job;
    assert_eq!(job.payload, payload);
    assert_ne!(job.environment_id, Some(environment_id()));
}

#[tokio::test]
async fn one_job_at_a_time_does_it_once_more() {
    let transaction = accepting(Err(Conflict::LiveRetry));
    let mut read_model = MockReadModel::new();
    read_model.expect_find_job().returning(|_, _| {
        Ok(Some(JobDetails {
            job: resetting(),
            turn_holder: None,
            jobs_ahead: 0,
        }))
    });
    let use_case = RetryJob {
        acceptance: acceptance(vec![transaction], read_model, 0),
        custody: custody(),
    };
    let refused = use_case.run(&owner(), team(), job_id(), &key()).await;
    assert_eq!(refused.unwrap_err().code(), ErrorCode::JobStateConflict);
}
