//! The order around a call: intent, call, outcome with its effect.

use super::book::Fate;
use super::script::{Call, done, failed, later};
use super::world::World;
use crate::workflows::payloads::{Intent, decode};
use crate::workflows::runner::{RunEnd, RunError};
use crate::workflows::scene::intent;
use domain::job::journal::AttemptState;
use domain::job::{JobEvent, JobState, WaitReason};
use domain::limits;
use domain::ports::Clock;
use std::sync::Arc;

const SUCCEEDED: RunEnd = RunEnd::AtRest(JobState::Succeeded);

#[tokio::test]
async fn the_intent_is_committed_before_the_call_and_the_outcome_together_with_its_effect() {
    let mut world = World::default();
    let workflow = world.workflow(vec![world.working("create")]);
    assert_eq!(world.carry_out(&workflow).await.unwrap(), SUCCEEDED);
    let expected = [
        "lock",
        "begin",
        "create started",
        "commit",
        "call create",
        "begin",
        "effect of create",
        "create done",
        "commit",
        "unlock",
        "begin",
        "effect of Succeeded",
        "rest Succeeded",
        "audit succeeded",
        "commit",
    ];
    assert_eq!(world.events(), expected);
}

#[tokio::test]
async fn the_intent_says_under_which_identity_it_was_made() {
    let mut world = World::default();
    let workflow = world.workflow(vec![world.working("create")]);
    world.carry_out(&workflow).await.unwrap();
    let baseline = world.book.pages().journal[0].baseline.clone();
    assert_eq!(decode::<Intent>(&baseline.unwrap()).unwrap(), intent(None));
}

#[tokio::test]
async fn steps_follow_each_other_and_progress_never_reaches_the_end_before_the_end() {
    let mut world = World::default();
    let workflow = world.workflow(vec![
        world.read("look", vec![Ok(())]),
        world.working("create"),
        world.working("name"),
    ]);
    assert_eq!(world.carry_out(&workflow).await.unwrap(), SUCCEEDED);
    let pages = world.book.pages();
    let percents: Vec<u8> = pages.progress.iter().map(|at| at.percent).collect();
    assert_eq!(percents, [33, 66, 99, 100]);
    let calls = pages
        .events
        .iter()
        .filter(|event| event.starts_with("call"));
    assert_eq!(calls.collect::<Vec<_>>(), ["call create", "call name"]);
}

#[tokio::test]
async fn a_read_is_written_down_with_its_effect_in_one_transaction_and_without_the_lock() {
    let mut world = World::default();
    let workflow = world.workflow(vec![world.read("look", vec![Ok(())])]);
    world.carry_out(&workflow).await.unwrap();
    let events = world.events();
    let expected = [
        "read look",
        "begin",
        "look started",
        "effect of look",
        "look done",
        "commit",
    ];
    assert_eq!(events[..6], expected);
}

#[tokio::test]
async fn a_read_that_has_to_wait_leaves_no_attempt_behind() {
    let mut world = World::default();
    let waits = vec![Err(later(WaitReason::PlatformWork))];
    let workflow = world.workflow(vec![world.read("look", waits)]);
    let end = world.carry_out(&workflow).await.unwrap();
    assert_eq!(end, RunEnd::GivenBack);
    assert_eq!(world.attempts(), []);
    let pages = world.book.pages();
    let (event, reason, _) = pages.given_back.clone().unwrap();
    assert_eq!(
        (event, reason),
        (JobEvent::Parked, WaitReason::PlatformWork)
    );
}

#[tokio::test]
async fn a_step_that_cannot_begin_fails_without_intent_and_without_lock() {
    let mut world = World::default();
    let step = world.step("install").refusing_to_begin(failed());
    let workflow = world.workflow(vec![step.never_undone("install", &world)]);
    let end = world.carry_out(&workflow).await.unwrap();
    assert_eq!(end, RunEnd::AtRest(JobState::Failed));
    assert_eq!(world.attempts(), []);
    assert!(!world.events().contains(&"lock".to_owned()));
}

#[tokio::test]
async fn after_the_hold_is_lost_nothing_more_is_written() {
    let mut world = World::default();
    let book = Arc::clone(&world.book);
    let taken_over = Box::new(move || book.pages().is_taken_over = true);
    let step = world
        .step("create")
        .calling([Call::AnswersAfter(taken_over, done())]);
    let workflow = world.workflow(vec![step.never_undone("create", &world)]);
    let end = world.carry_out(&workflow).await;
    assert!(matches!(end, Err(RunError::HoldLost)), "{end:?}");
    let events = world.events();
    assert_eq!(events[4..], ["call create", "unlock"]);
    let started = vec![("create".to_owned(), AttemptState::Started)];
    assert_eq!(world.attempts(), started);
}

#[tokio::test]
async fn a_call_is_given_up_when_the_lease_is_lost_while_it_is_open() {
    let mut world = World::default();
    let step = world
        .step("create")
        .calling([Call::HangsWhileTheLeaseIsLost]);
    let workflow = world.workflow(vec![step.never_undone("create", &world)]);
    let end = world.carry_out(&workflow).await;
    assert!(matches!(end, Err(RunError::HoldLost)), "{end:?}");
    assert_eq!(world.events()[4..], ["call create", "unlock"]);
}

#[tokio::test]
async fn a_run_whose_lease_is_lost_does_not_even_begin() {
    let mut world = World::default();
    world.lease.lose();
    let workflow = world.workflow(vec![world.working("create")]);
    let end = world.carry_out(&workflow).await;
    assert!(matches!(end, Err(RunError::HoldLost)), "{end:?}");
    assert!(world.events().is_empty());
}

#[tokio::test]
async fn the_lock_is_kept_alive_as_long_as_the_call_is_open() {
    let mut world = World::default();
    let step = world.step("create").calling([Call::TakesBeats(3, done())]);
    let workflow = world.workflow(vec![step.never_undone("create", &world)]);
    let before = world.clock.instant();
    assert_eq!(world.carry_out(&workflow).await.unwrap(), SUCCEEDED);
    let events = world.events();
    let extended = events.iter().filter(|event| *event == "extend").count();
    assert_eq!(extended, 3);
    let passed = before.until(world.clock.instant());
    assert_eq!(passed, 3 * limits::JOB_HEARTBEAT);
}

#[tokio::test]
async fn an_outcome_that_is_rolled_back_breaks_the_run_off_and_stays_open() {
    let mut world = World::default();
    world.book.pages().fates = [Fate::Stored, Fate::RolledBack].into();
    let workflow = world.workflow(vec![world.working("create")]);
    let end = world.carry_out(&workflow).await;
    assert!(matches!(end, Err(RunError::Store(_))), "{end:?}");
    let started = vec![("create".to_owned(), AttemptState::Started)];
    assert_eq!(world.attempts(), started);
    assert_eq!(world.events().last().unwrap(), "unlock");
}

#[tokio::test]
async fn an_intent_that_is_rolled_back_lets_no_call_out() {
    let mut world = World::default();
    world.book.pages().fates = [Fate::RolledBack].into();
    let workflow = world.workflow(vec![world.working("create")]);
    let end = world.carry_out(&workflow).await;
    assert!(matches!(end, Err(RunError::Store(_))), "{end:?}");
    let expected = ["lock", "begin", "create started", "unlock"];
    assert_eq!(world.events(), expected);
}

#[tokio::test]
async fn an_intent_whose_commit_was_lost_is_gone_on_with_once_it_is_found() {
    let mut world = World::default();
    world.book.pages().fates = [Fate::StoredUnanswered].into();
    let workflow = world.workflow(vec![world.working("create")]);
    assert_eq!(world.carry_out(&workflow).await.unwrap(), SUCCEEDED);
    let events = world.events();
    assert_eq!(events[3..5], ["commit unanswered", "call create"]);
}

#[tokio::test]
async fn an_intent_that_is_never_found_lets_no_call_out() {
    let mut world = World::default();
    world.book.pages().fates = [Fate::LostUnanswered].into();
    let workflow = world.workflow(vec![world.working("create")]);
    let end = world.carry_out(&workflow).await;
    assert!(matches!(end, Err(RunError::CommitUnknown(_))), "{end:?}");
    let expected = [
        "lock",
        "begin",
        "create started",
        "commit unanswered",
        "unlock",
    ];
    assert_eq!(world.events(), expected);
    assert_eq!(world.attempts(), []);
}

#[tokio::test]
async fn without_its_audit_line_a_job_does_not_end() {
    let mut world = World::default();
    world.book.pages().is_audit_broken = true;
    let workflow = world.workflow(vec![world.working("create")]);
    let end = world.carry_out(&workflow).await;
    assert!(matches!(end, Err(RunError::Store(_))), "{end:?}");
    assert_eq!(world.book.pages().rested, None);
}
