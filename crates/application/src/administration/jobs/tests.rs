use super::{CloseJob, PersonsWord, ReopenJob};
use crate::administration::people::tests::administrator;
use crate::sample::{
    CountingIds, HandClock, beginning, commits, environment, environment_id, id, job_id,
    running_job, team, unit_of_work,
};
use domain::environment::{Environment, EnvironmentState};
use domain::error_code::ErrorCode;
use domain::job::journal::{AttemptState, Direction, StepAttempt};
use domain::job::{EncodedData, Job, JobAttention, JobKind, JobState};
use domain::ports::{JobDetails, MockJobQueue, MockReadModel, MockTransaction};
use std::sync::Arc;

fn waiting(kind: JobKind, payload: &str) -> Job {
    Job {
        kind,
        kind_version: kind.version(),
        payload: EncodedData(payload.to_owned()),
        state: JobState::NeedsAttention,
        attention: Some(JobAttention {
            code: ErrorCode::NeedsAttention,
            step: None,
            detail: "nobody knows".to_owned(),
        }),
        ..running_job()
    }
}

fn read_model(job: Job) -> Arc<MockReadModel> {
    let mut read_model = MockReadModel::new();
    read_model
        .expect_find_team_of_job()
        .returning(|_| Ok(Some(team())));
    read_model.expect_find_job().returning(move |_, _| {
        Ok(Some(JobDetails {
            job: job.clone(),
            turn_holder: None,
            jobs_ahead: 0,
        }))
    });
    Arc::new(read_model)
}

fn journal(attempts: Vec<StepAttempt>) -> Arc<MockJobQueue> {
    let mut queue = MockJobQueue::new();
    queue
        .expect_load_journal()
        .returning(move |_| Ok(attempts.clone()));
    Arc::new(queue)
}

fn attempt(step: &str, state: AttemptState) -> StepAttempt {
    StepAttempt {
        id: id(71),
        sequence: 1,
        step: step.to_owned(),
        direction: Direction::Forward,
        state,
        started_at: beginning(),
        answer_by: beginning(),
        baseline: None,
        findings: None,
        output: None,
    }
}

/// No transaction is expected: whatever is refused, nothing is begun.
async fn refusal(job: Job, attempts: Vec<StepAttempt>, word: PersonsWord) -> (ErrorCode, String) {
    let use_case = ReopenJob {
        unit_of_work: unit_of_work(Vec::new()),
        read_model: read_model(job),
        job_queue: journal(attempts),
        ids: Arc::new(CountingIds::default()),
        clock: Arc::new(HandClock::default()),
    };
    let refused = use_case.run(&administrator(), job_id(), word, None).await;
    let error = refused.unwrap_err();
    (error.code(), error.detail().to_owned())
}

#[tokio::test]
async fn what_a_person_cannot_vouch_for_is_refused_before_anything_is_written() {
    let created = attempt("install_sftp", AttemptState::InDoubt);
    let addon = || waiting(JobKind::AddonInstall, r#"{"addon":"sftp"}"#);
    let (code, detail) = refusal(addon(), vec![created], PersonsWord::Happened).await;
    assert_eq!(code, ErrorCode::JobStateConflict);
    assert!(
        detail.contains("`install_sftp`") && detail.contains("`retry`"),
        "{detail}"
    );

    let (code, detail) = refusal(addon(), Vec::new(), PersonsWord::DidNotHappen).await;
    assert_eq!(code, ErrorCode::JobStateConflict);
    assert!(
        detail.contains("no step of the job is in doubt"),
        "{detail}"
    );
}

#[tokio::test]
async fn a_job_that_waits_for_nobody_takes_no_decision() {
    let job = Job {
        state: JobState::Running,
        ..waiting(JobKind::AddonInstall, r#"{"addon":"sftp"}"#)
    };
    let (code, detail) = refusal(job, Vec::new(), PersonsWord::LookAgain).await;
    assert_eq!(code, ErrorCode::JobStateConflict);
    assert!(detail.contains("it is running"), "{detail}");
}

#[tokio::test]
async fn a_job_that_cannot_be_read_can_only_be_ended() {
    let unreadable = || waiting(JobKind::EnvironmentDelete, "?");
    let (code, detail) = refusal(unreadable(), Vec::new(), PersonsWord::LookAgain).await;
    assert_eq!(code, ErrorCode::JobUnrunnable);
    assert!(detail.contains("`fail`"), "{detail}");

    let mut transaction = closing(|failure| {
        failure.remaining.is_empty() && failure.detail.ends_with("seen in the dashboard")
    });
    letting_go(
        &mut transaction,
        EnvironmentState::Running,
        EnvironmentState::Running,
    );
    assert_eq!(
        close(unreadable(), Vec::new(), transaction).await,
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn what_stands_is_named_when_a_job_is_ended_and_its_intent_is_given_up() {
    let payload = r#"{"layers":[],"package":null,"addons":["sftp"]}"#;
    let job = waiting(JobKind::EnvironmentProvision, payload);
    let attempts = vec![
        attempt("check_short_domain", AttemptState::Done),
        attempt("create_environment", AttemptState::Done),
        attempt("install_sftp", AttemptState::InDoubt),
        attempt("set_display_name", AttemptState::NotDone),
    ];
    let expected = ["create_environment", "install_sftp"];
    let mut transaction = closing(move |failure| failure.remaining == expected);
    letting_go(
        &mut transaction,
        EnvironmentState::Provisioning,
        EnvironmentState::Failed,
    );
    assert_eq!(close(job, attempts, transaction).await, expected);
}

fn closing(
    is_expected: impl Fn(&domain::job::JobFailure) -> bool + Send + 'static,
) -> MockTransaction {
    let mut transaction = MockTransaction::default();
    let jobs = &mut transaction.jobs;
    jobs.expect_close_job()
        .withf(move |_, job, failure| *job == job_id() && is_expected(failure))
        .times(1)
        .returning(|_, _, _| Ok(true));
    jobs.expect_append_job_log()
        .times(1)
        .returning(|_, _, _, _| Ok(()));
    transaction
        .audit
        .expect_append_audit_event()
        .withf(|event| {
            let detail = event.detail.as_deref();
            event.action == "job.fail" && detail == Some("os_user:1000: seen in the dashboard")
        })
        .times(1)
        .returning(|_| Ok(()));
    transaction
}

/// The environment is held by the job until then.
fn letting_go(
    transaction: &mut MockTransaction,
    before: EnvironmentState,
    after: EnvironmentState,
) {
    let held = Environment {
        held_by: Some(job_id()),
        state: before,
        ..environment()
    };
    let environments = &mut transaction.environments;
    environments
        .expect_find_environment()
        .withf(|_, id| *id == environment_id())
        .returning(move |_, _| Ok(Some(held.clone())));
    environments
        .expect_update_environment()
        .withf(move |changed| changed.held_by.is_none() && changed.state == after)
        .times(1)
        .returning(|_| Ok(()));
}

async fn close(job: Job, attempts: Vec<StepAttempt>, transaction: MockTransaction) -> Vec<String> {
    let counter = Arc::clone(&transaction.commits);
    let use_case = CloseJob {
        unit_of_work: unit_of_work(vec![transaction]),
        read_model: read_model(job),
        job_queue: journal(attempts),
        ids: Arc::new(CountingIds::default()),
    };
    let note = Some("seen in the dashboard");
    let closed = use_case.run(&administrator(), job_id(), note).await;
    assert_eq!(commits(&counter), 1);
    closed.unwrap()
}
