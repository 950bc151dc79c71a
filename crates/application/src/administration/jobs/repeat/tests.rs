use super::{RepeatJob, Repeated};
use crate::UseCaseError;
use crate::administration::jobs::ReopenJob;
use crate::administration::people::tests::administrator;
use crate::jobs::RetryJob;
use crate::sample::{
    CountingIds, HandClock, acceptance, beginning, custody, fitting, job_id, running_job,
    stored_team, team, unit_of_work,
};
use domain::access::{Permission, Principal};
use domain::error_code::ErrorCode;
use domain::job::{EncodedData, Job, JobKind, JobState};
use domain::ports::{JobDetails, MockJobQueue, MockReadModel, MockTransaction};
use domain::team::Team;
use jiff::Timestamp;
use std::sync::Arc;

fn failed() -> Job {
    Job {
        kind: JobKind::EnvironmentStart,
        payload: EncodedData("{}".to_owned()),
        state: JobState::Failed,
        finished_at: Some(beginning()),
        required_permissions: [Permission::EnvironmentStart].into_iter().collect(),
        ..running_job()
    }
}

fn read_model(job: &Job) -> MockReadModel {
    let mut read_model = MockReadModel::new();
    read_model
        .expect_find_team_of_job()
        .returning(|_| Ok(Some(team())));
    let job = job.clone();
    read_model.expect_find_job().returning(move |_, _| {
        Ok(Some(JobDetails {
            job: job.clone(),
            turn_holder: None,
            jobs_ahead: 0,
        }))
    });
    read_model
}

/// A look at the team.
fn looking(suspended_at: Option<Timestamp>) -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction.teams.expect_find_team().returning(move |_| {
        Ok(Some(Team {
            suspended_at,
            ..stored_team()
        }))
    });
    transaction
}

async fn repeat(
    job: &Job,
    looks: Vec<MockTransaction>,
    accepting: Vec<MockTransaction>,
) -> Result<Repeated, UseCaseError> {
    let wakes = accepting.len();
    let use_case = RepeatJob {
        reopen: ReopenJob {
            unit_of_work: unit_of_work(looks),
            read_model: Arc::new(read_model(job)),
            job_queue: Arc::new(MockJobQueue::new()),
            ids: Arc::new(CountingIds::default()),
            clock: Arc::new(HandClock::default()),
        },
        retry: RetryJob {
            acceptance: acceptance(accepting, read_model(job), wakes),
            custody: custody(),
        },
    };
    let note = Some("the platform is mended");
    use_case.run(&administrator(), job_id(), note).await
}

#[tokio::test]
async fn what_failed_is_done_once_more_in_the_name_of_the_command_line_and_audited() {
    let mut transaction = fitting();
    transaction
        .idempotency
        .expect_insert_idempotency_record()
        .withf(|scope, _| scope.principal == "command_line")
        .returning(|_, _| Ok(()));
    transaction
        .jobs
        .expect_enqueue_job()
        .withf(|job, _| job.retry_of == Some(job_id()) && job.principal == Principal::CommandLine)
        .times(1)
        .returning(|_, _| Ok(()));
    transaction
        .audit
        .expect_append_audit_event()
        .withf(|event| {
            let detail = event.detail.as_deref().unwrap_or_default();
            event.action == "job.retry"
                && event.principal == Principal::CommandLine
                && detail.starts_with("os_user:")
                && detail.ends_with("the platform is mended")
        })
        .times(1)
        .returning(|_| Ok(()));
    let repeated = repeat(&failed(), vec![looking(None)], vec![transaction]).await;
    let Ok(Repeated::DoneOnceMoreBy(new)) = repeated else {
        panic!("{repeated:?}");
    };
    assert_ne!(new, job_id());
}

#[tokio::test]
async fn nothing_is_accepted_for_a_suspended_team() {
    let suspended = looking(Some(beginning()));
    let refused = repeat(&failed(), vec![suspended], Vec::new()).await;
    assert_eq!(refused.unwrap_err().code(), ErrorCode::TeamSuspended);
}

#[tokio::test]
async fn what_still_runs_or_succeeded_is_neither_reopened_nor_repeated() {
    for state in [JobState::Running, JobState::Queued, JobState::Succeeded] {
        let job = Job { state, ..failed() };
        let refused = repeat(&job, Vec::new(), Vec::new()).await;
        assert_eq!(refused.unwrap_err().code(), ErrorCode::JobStateConflict);
    }
}
