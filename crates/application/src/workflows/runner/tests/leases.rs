//! No byte leaves unless the send window fits into what is left of the lease.

use super::book::Fate;
use super::script::done;
use super::world::World;
use crate::workflows::runner::RunEnd;
use domain::job::journal::AttemptState;
use domain::job::{JobEvent, JobState, WaitReason};
use domain::limits;
use std::sync::Arc;
use std::time::Duration;

const NEEDED: Duration = limits::SEND_WINDOW.saturating_add(limits::SEND_MARGIN);

#[tokio::test]
async fn a_call_leaves_within_the_send_window_of_a_lease_that_holds_it() {
    let mut world = World::default();
    let step = world.step("create").answering([done()]);
    let left = Arc::clone(&step.left_at_calls);
    let workflow = world.workflow(vec![step.never_undone("create", &world)]);
    world.carry_out(&workflow).await.unwrap();
    let expected = [(limits::JOB_LEASE, limits::SEND_WINDOW)];
    assert_eq!(*left.lock().unwrap(), expected);
}

#[tokio::test]
async fn the_lease_counts_from_before_the_commit_and_just_enough_is_enough() {
    let mut world = World::default();
    let slow = limits::JOB_LEASE.saturating_sub(NEEDED);
    world.book.pages().commit_times = [slow].into();
    let step = world.step("create").answering([done()]);
    let left = Arc::clone(&step.left_at_calls);
    let workflow = world.workflow(vec![step.never_undone("create", &world)]);
    world.carry_out(&workflow).await.unwrap();
    assert_eq!(*left.lock().unwrap(), [(NEEDED, limits::SEND_WINDOW)]);
}

#[tokio::test]
async fn a_call_whose_intent_has_grown_old_never_leaves() {
    let mut world = World::default();
    let too_slow = limits::CALL_LEAVES_WITHIN.saturating_sub(limits::SEND_WINDOW);
    world.book.pages().commit_times = [too_slow + Duration::from_micros(1)].into();
    // No call is in the script: making one would panic.
    let step = world.step("create").never_undone("create", &world);
    let workflow = world.workflow(vec![step]);
    let end = world.carry_out(&workflow).await.unwrap();
    assert_eq!(end, RunEnd::GivenBack);
    let expected = vec![("create".to_owned(), AttemptState::NotDone)];
    assert_eq!(world.attempts(), expected);
}

#[tokio::test]
async fn a_store_that_is_too_slow_lets_nothing_out() {
    let mut world = World::default();
    world.book.pages().commit_times = [limits::JOB_LEASE; 4].into();
    // No call is in the script: making one would panic.
    let step = world.step("create").never_undone("create", &world);
    let workflow = world.workflow(vec![step]);
    let end = world.carry_out(&workflow).await.unwrap();
    assert_eq!(end, RunEnd::GivenBack);
    let expected = vec![("create".to_owned(), AttemptState::NotDone)];
    assert_eq!(world.attempts(), expected);
    let (_, reason, _) = world.book.pages().given_back.clone().unwrap();
    assert_eq!(reason, WaitReason::PlatformUnavailable);
}

#[tokio::test]
async fn a_commit_without_answer_renews_nothing() {
    let mut world = World::default();
    world.clock.advance(Duration::from_secs(3));
    world.book.pages().fates = [Fate::StoredUnanswered].into();
    let workflow = world.workflow(vec![world.working("create")]);
    world.carry_out(&workflow).await.unwrap();
    let renewal = ["commit unanswered", "begin", "commit", "call create"];
    assert_eq!(world.events()[3..7], renewal);
}

#[tokio::test]
async fn a_stop_signal_gives_the_job_back_at_the_next_boundary() {
    let mut world = World::default();
    world.stop.raise();
    let workflow = world.workflow(vec![world.working("create")]);
    let end = world.carry_out(&workflow).await.unwrap();
    assert_eq!(end, RunEnd::GivenBack);
    let expected = (JobEvent::Released, WaitReason::Handover, Duration::ZERO);
    assert_eq!(world.book.pages().given_back, Some(expected));
    assert_eq!(world.events(), ["begin", "given back: handover", "commit"]);
}

#[tokio::test]
async fn what_a_stopped_run_has_done_is_not_done_again_by_the_next_one() {
    let mut world = World::default();
    let first = world.workflow(vec![
        world.working("create"),
        world.read(
            "look",
            vec![Err(super::script::later(WaitReason::PlatformWork))],
        ),
    ]);
    assert_eq!(world.carry_out(&first).await.unwrap(), RunEnd::GivenBack);
    world.claim_again();
    let second = world.workflow(vec![
        world.step("create").never_undone("create", &world),
        world.read("look", vec![Ok(())]),
    ]);
    let end = world.carry_out(&second).await.unwrap();
    assert_eq!(end, RunEnd::AtRest(JobState::Succeeded));
    assert!(!world.events().contains(&"call create".to_owned()));
}
