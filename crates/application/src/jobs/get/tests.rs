use super::GetJob;
use crate::UseCaseError;
use crate::sample::{HandClock, actor, foreign_team, job_id, owner, running_job, team};
use domain::access::Permission;
use domain::error_code::ErrorCode;
use domain::job::{Job, JobState};
use domain::limits;
use domain::ports::{Clock, JobDetails, MockEventBus, MockEventSubscription, MockReadModel};
use std::sync::Arc;
use std::time::Duration;

/// A job that is in these states, look by look; the last one stays. Every notice takes `pace`.
fn use_case(states: &'static [JobState], pace: Duration) -> (GetJob, Arc<HandClock>) {
    let clock = Arc::new(HandClock::default());
    let mut read_model = MockReadModel::new();
    let mut look = 0;
    read_model.expect_find_job().returning(move |_, _| {
        let state = states[look.min(states.len() - 1)];
        look += 1;
        let job = Job {
            state,
            ..running_job()
        };
        Ok(Some(JobDetails {
            job,
            turn_holder: None,
            jobs_ahead: 0,
        }))
    });
    let mut events = MockEventBus::new();
    let moving = Arc::clone(&clock);
    events.expect_subscribe().times(0..=1).returning(move || {
        let moving = Arc::clone(&moving);
        let mut subscription = MockEventSubscription::new();
        subscription
            .expect_changed()
            .withf(|job, at_most| *job == job_id() && *at_most <= super::POLL_INTERVAL)
            .returning(move |_, at_most| moving.advance(pace.min(at_most)));
        Box::new(subscription)
    });
    let use_case = GetJob {
        read_model: Arc::new(read_model),
        events: Arc::new(events),
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
    };
    (use_case, clock)
}

fn waited(clock: &HandClock) -> Duration {
    HandClock::default().instant().until(clock.instant())
}

async fn run(use_case: &GetJob, wait: Option<Duration>) -> Result<JobState, UseCaseError> {
    let found = use_case.run(&owner(), team(), job_id(), wait).await?;
    Ok(found.job.state)
}

#[tokio::test]
async fn without_a_wish_to_wait_the_job_is_answered_as_it_is() {
    let (use_case, clock) = use_case(&[JobState::Running], Duration::from_secs(1));
    assert_eq!(run(&use_case, None).await.unwrap(), JobState::Running);
    assert_eq!(waited(&clock), Duration::ZERO);
}

#[tokio::test]
async fn waiting_ends_as_soon_as_the_job_is_at_rest() {
    for end in [
        JobState::Succeeded,
        JobState::Failed,
        JobState::Cancelled,
        JobState::NeedsAttention,
    ] {
        let states: &'static [JobState] = match end {
            JobState::Succeeded => &[JobState::Queued, JobState::Running, JobState::Succeeded],
            JobState::Failed => &[JobState::Running, JobState::Waiting, JobState::Failed],
            JobState::Cancelled => &[JobState::Running, JobState::Cancelling, JobState::Cancelled],
            _ => &[
                JobState::Running,
                JobState::Running,
                JobState::NeedsAttention,
            ],
        };
        let (use_case, clock) = use_case(states, Duration::from_millis(300));
        let found = run(&use_case, Some(Duration::from_secs(20))).await;
        assert_eq!(found.unwrap(), end);
        assert_eq!(waited(&clock), Duration::from_millis(600));
    }
}

#[tokio::test]
async fn waiting_is_over_when_the_wanted_time_is_and_never_lasts_more_than_a_minute() {
    let hour = Duration::from_hours(1);
    for (wanted, expected) in [
        (Duration::from_millis(2_500), Duration::from_millis(2_500)),
        (hour, limits::PREFER_WAIT_MAX),
    ] {
        let (use_case, clock) = use_case(&[JobState::Waiting], hour);
        let found = run(&use_case, Some(wanted)).await;
        assert_eq!(found.unwrap(), JobState::Waiting);
        assert_eq!(waited(&clock), expected);
    }
}

#[tokio::test]
async fn permission_comes_before_the_look_up_and_a_foreign_team_is_not_found() {
    let use_case = GetJob {
        // No expectation: any look-up would panic.
        read_model: Arc::new(MockReadModel::new()),
        events: Arc::new(MockEventBus::new()),
        clock: Arc::new(HandClock::default()),
    };
    let caller = actor(&[Permission::JobCancel]);
    let error = use_case.run(&caller, team(), job_id(), None).await;
    assert_eq!(error.unwrap_err().code(), ErrorCode::PermissionDenied);
    let error = use_case.run(&owner(), foreign_team(), job_id(), None).await;
    assert_eq!(error.unwrap_err().code(), ErrorCode::NotFound);
}

#[tokio::test]
async fn a_job_that_does_not_exist_is_not_waited_for() {
    let mut read_model = MockReadModel::new();
    read_model
        .expect_find_job()
        .times(1)
        .returning(|_, _| Ok(None));
    let mut events = MockEventBus::new();
    events
        .expect_subscribe()
        .returning(|| Box::new(MockEventSubscription::new()));
    let use_case = GetJob {
        read_model: Arc::new(read_model),
        events: Arc::new(events),
        clock: Arc::new(HandClock::default()),
    };
    let error = run(&use_case, Some(Duration::from_secs(5))).await;
    assert_eq!(error.unwrap_err().code(), ErrorCode::NotFound);
}
