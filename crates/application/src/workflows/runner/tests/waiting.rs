//! Giving the job back: for the lock, for the platform, for the owner; and when patience ends.

use super::book::LockAnswer;
use super::script::{Call, done, later};
use super::world::World;
use crate::sample::account;
use crate::workflows::runner::RunEnd;
use crate::workflows::step::{NotDone, Sent};
use domain::error_code::ErrorCode;
use domain::job::journal::AttemptState;
use domain::job::{JobEvent, JobState, WaitReason};
use domain::platform_account::PlatformAccount;
use std::time::Duration;

async fn given_back_by_the_lock(answer: LockAnswer) -> (JobEvent, WaitReason) {
    let mut world = World::default();
    world.book.pages().lock_answers = [answer].into();
    // No call is in the script: making one would panic.
    let step = world.step("create").never_undone("create", &world);
    let workflow = world.workflow(vec![step]);
    let end = world.carry_out(&workflow).await.unwrap();
    assert_eq!(end, RunEnd::GivenBack);
    assert_eq!(world.attempts(), [], "there is not even an intent");
    let (event, reason, after) = world.book.pages().given_back.clone().unwrap();
    assert!(after > Duration::ZERO, "it does not spin");
    (event, reason)
}

#[tokio::test]
async fn a_lock_that_somebody_has_gives_the_job_back_as_queued() {
    let given_back = given_back_by_the_lock(LockAnswer::Taken).await;
    assert_eq!(given_back, (JobEvent::Released, WaitReason::Turn));
}

#[tokio::test]
async fn without_the_coordination_service_no_mutation_is_sent() {
    let given_back = given_back_by_the_lock(LockAnswer::Down).await;
    let expected = (JobEvent::Released, WaitReason::CoordinationUnavailable);
    assert_eq!(given_back, expected);
}

#[tokio::test]
async fn without_the_coordination_service_reads_go_on() {
    let mut world = World::default();
    world.book.pages().lock_answers = [LockAnswer::Down].into();
    let workflow = world.workflow(vec![world.read("look", vec![Ok(())])]);
    let end = world.carry_out(&workflow).await.unwrap();
    assert_eq!(end, RunEnd::AtRest(JobState::Succeeded));
}

/// One call that surely did not run and says "later" after the job has waited that long.
async fn wait_for(reason: WaitReason, waited: Duration) -> (World, RunEnd) {
    let mut world = World::default();
    let step = world
        .step("install")
        .answering([Sent::NotDone(later(reason))]);
    let workflow = world.workflow(vec![step.never_undone("install", &world)]);
    world.clock.advance(waited);
    let end = world.carry_out(&workflow).await.unwrap();
    (world, end)
}

#[tokio::test]
async fn a_call_that_did_not_run_is_parked_and_tried_again_as_a_new_attempt() {
    let (mut world, end) = wait_for(WaitReason::PlatformWork, Duration::ZERO).await;
    assert_eq!(end, RunEnd::GivenBack);
    let expected = (
        JobEvent::Parked,
        WaitReason::PlatformWork,
        Duration::from_secs(5),
    );
    assert_eq!(world.book.pages().given_back, Some(expected));
    world.claim_again();
    let workflow = world.workflow(vec![world.working("install")]);
    world.carry_out(&workflow).await.unwrap();
    let attempts = [
        ("install".to_owned(), AttemptState::NotDone),
        ("install".to_owned(), AttemptState::Done),
    ];
    assert_eq!(world.attempts(), attempts);
}

#[tokio::test]
async fn a_job_that_waits_for_the_same_thing_again_says_so_once() {
    let (mut world, _) = wait_for(WaitReason::PlatformWork, Duration::ZERO).await;
    let waits = |world: &World| {
        let pages = world.book.pages();
        pages
            .said
            .iter()
            .filter(|line| line.contains("waits"))
            .count()
    };
    assert_eq!(waits(&world), 1);
    for (reason, expected) in [
        (WaitReason::PlatformWork, 1),
        (WaitReason::PlatformUnavailable, 2),
    ] {
        world.claim_again();
        let step = world
            .step("install")
            .answering([Sent::NotDone(later(reason))]);
        let workflow = world.workflow(vec![step.never_undone("install", &world)]);
        world.carry_out(&workflow).await.unwrap();
        assert_eq!(waits(&world), expected);
    }
}

#[tokio::test]
async fn a_platform_that_stays_busy_for_too_long_fails_the_job() {
    let patience = World::default().settings.patience;
    for (reason, code) in [
        (WaitReason::PlatformWork, ErrorCode::PlatformBusy),
        (
            WaitReason::PlatformUnavailable,
            ErrorCode::PlatformUnavailable,
        ),
    ] {
        let (_, end) = wait_for(reason.clone(), patience).await;
        assert_eq!(end, RunEnd::GivenBack, "patience is not over yet");
        let over = patience + Duration::from_secs(1);
        let (world, end) = wait_for(reason, over).await;
        assert_eq!(end, RunEnd::AtRest(JobState::Failed));
        let failure = world.book.pages().failure.clone().unwrap();
        assert_eq!(failure.code, code);
        assert_eq!(failure.step.as_deref(), Some("install"));
        assert!(failure.is_retryable);
    }
}

#[tokio::test]
async fn patience_counts_from_the_last_step_that_was_done() {
    let mut world = World::default();
    let patience = world.settings.patience;
    world.clock.advance(patience);
    let waiting = || vec![Err(later(WaitReason::PlatformWork))];
    let workflow = world.workflow(vec![world.working("create"), world.read("look", waiting())]);
    world.carry_out(&workflow).await.unwrap();
    world.clock.advance(Duration::from_mins(1));
    world.claim_again();
    let workflow = world.workflow(vec![world.working("create"), world.read("look", waiting())]);
    let end = world.carry_out(&workflow).await.unwrap();
    assert_eq!(end, RunEnd::GivenBack);
}

#[tokio::test]
async fn waiting_for_the_owner_has_no_end() {
    let (_, end) = wait_for(WaitReason::Reauthentication, Duration::from_hours(1_000)).await;
    assert_eq!(end, RunEnd::GivenBack);
}

#[tokio::test]
async fn taking_back_is_waited_for_without_end() {
    let mut world = World::default();
    world.claimed.job.is_cancel_requested = true;
    world.book.pages().is_cancel_requested = true;
    world.put_done("create");
    let busy: NotDone = later(WaitReason::PlatformWork);
    let undo = world
        .step("undo of create")
        .answering([Sent::NotDone(busy)]);
    let step = world.step("create").with_undo("create", undo);
    let workflow = world.workflow(vec![step]);
    world.clock.advance(Duration::from_hours(1_000));
    let end = world.carry_out(&workflow).await.unwrap();
    assert_eq!(end, RunEnd::GivenBack);
}

#[tokio::test]
async fn a_team_without_account_waits_for_its_owner() {
    let mut world = World::default();
    world.find_accounts([None]);
    let workflow = world.workflow(vec![world.working("create")]);
    let end = world.carry_out(&workflow).await.unwrap();
    assert_eq!(end, RunEnd::GivenBack);
    let (event, reason, _) = world.book.pages().given_back.clone().unwrap();
    let expected = (JobEvent::Parked, WaitReason::Reauthentication);
    assert_eq!((event, reason), expected);
}

fn parked(world: &World) -> bool {
    let given_back = world.book.pages().given_back.clone();
    given_back.is_some_and(|(event, reason, _)| {
        event == JobEvent::Parked && reason == WaitReason::Reauthentication
    })
}

#[tokio::test]
async fn after_a_disconnection_the_running_step_ends_and_the_next_waits_for_the_owner() {
    let mut world = World::default();
    let accounts = world.accounts.clone();
    let disconnect = Box::new(move || {
        *accounts.lock().unwrap() = [Some(account().disconnected())].into();
    });
    let create = world
        .step("create")
        .calling([Call::AnswersAfter(disconnect, done())]);
    let workflow = world.workflow(vec![
        create.never_undone("create", &world),
        world.working("mount"),
    ]);
    let end = world.carry_out(&workflow).await.unwrap();
    assert_eq!(end, RunEnd::GivenBack);
    assert!(parked(&world));
    let done = ("create".to_owned(), AttemptState::Done);
    assert_eq!(world.attempts(), [done]);
    // The owner connects again: the job goes on where it was.
    let connected = PlatformAccount {
        credential_version: account().credential_version + 2,
        ..account()
    };
    world.find_accounts([Some(connected)]);
    world.claim_again();
    let end = world.carry_out(&workflow).await.unwrap();
    assert_eq!(end, RunEnd::AtRest(JobState::Succeeded));
}

#[tokio::test]
async fn a_step_that_meets_the_disconnection_before_its_call_was_not_sent_and_leaves_no_doubt() {
    let mut world = World::default();
    world.find_accounts([Some(account()), Some(account().disconnected())]);
    let workflow = world.workflow(vec![world.working("create")]);
    let end = world.carry_out(&workflow).await.unwrap();
    assert_eq!(end, RunEnd::GivenBack);
    assert!(parked(&world));
    let not_done = ("create".to_owned(), AttemptState::NotDone);
    assert_eq!(world.attempts(), [not_done]);
    assert!(!world.events().contains(&"call create".to_owned()));
}
