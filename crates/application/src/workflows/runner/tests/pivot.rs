//! What has no way back is neither cancelled nor taken back, and a job says what stays.

use super::script::{Call, done, failed, later};
use super::world::World;
use crate::workflows::runner::RunEnd;
use crate::workflows::step::{Sent, Settled};
use domain::job::journal::AttemptState;
use domain::job::{JobEvent, JobState, WaitReason};
use std::sync::Arc;

const FAILED: RunEnd = RunEnd::AtRest(JobState::Failed);
const SUCCEEDED: RunEnd = RunEnd::AtRest(JobState::Succeeded);

/// Whether the job could be cancelled while this call was open.
fn watched(world: &World, seen: &Arc<std::sync::Mutex<Vec<bool>>>, answer: Sent) -> Call {
    let (book, seen) = (Arc::clone(&world.book), Arc::clone(seen));
    let look = Box::new(move || seen.lock().unwrap().push(book.pages().is_past_pivot));
    Call::AnswersAfter(look, answer)
}

#[tokio::test]
async fn nobody_cancels_from_the_start_of_a_pivot_on() {
    let mut world = World::default();
    let seen = Arc::default();
    let before = world.step("look").calling([watched(&world, &seen, done())]);
    let pivot = world
        .step("restart")
        .calling([watched(&world, &seen, done())]);
    let workflow = world.workflow(vec![
        before.never_undone("look", &world),
        pivot.pivot("restart"),
    ]);
    assert_eq!(world.carry_out(&workflow).await.unwrap(), SUCCEEDED);
    assert_eq!(*seen.lock().unwrap(), [false, true]);
}

#[tokio::test]
async fn a_pivot_that_surely_did_not_happen_lets_the_job_be_cancelled_again() {
    let mut world = World::default();
    let busy = Sent::NotDone(later(WaitReason::PlatformWork));
    let pivot = world.step("restart").answering([busy]);
    let workflow = world.workflow(vec![pivot.pivot("restart")]);
    let end = world.carry_out(&workflow).await.unwrap();
    assert_eq!(end, RunEnd::GivenBack);
    assert!(!world.book.pages().is_past_pivot);
}

#[tokio::test]
async fn a_pivot_that_is_sent_again_keeps_the_one_before_it_in_mind() {
    let mut world = World::default();
    world.put_done("restart cp");
    world.book.pages().is_past_pivot = true;
    world.put_attempt("restart bl", AttemptState::InDoubt);
    let second = world
        .step("restart bl")
        .harmless_to_repeat()
        .proved_by(crate::workflows::ProofClass::Blind)
        .settling([Ok(Settled::NotApplied)])
        .answering([Sent::NotDone(later(WaitReason::PlatformWork))]);
    let workflow = world.workflow(vec![
        world.step("restart cp").pivot("restart cp"),
        second.pivot("restart bl"),
    ]);
    let end = world.carry_out(&workflow).await.unwrap();
    assert_eq!(end, RunEnd::GivenBack);
    assert!(world.book.pages().is_past_pivot, "cp stays restarted");
}

#[tokio::test]
async fn past_a_pivot_nothing_is_taken_back_and_the_failure_says_what_stays() {
    let mut world = World::default();
    let restart = world.step("restart").answering([done()]);
    let name = world.step("name").answering([Sent::NotDone(failed())]);
    let workflow = world.workflow(vec![
        world
            .step("mount")
            .answering([done()])
            .never_undone("mount", &world),
        restart.pivot("restart"),
        name.never_undone("name", &world),
    ]);
    assert_eq!(world.carry_out(&workflow).await.unwrap(), FAILED);
    let pages = world.book.pages();
    assert_eq!(pages.rested, Some(JobEvent::Failed));
    let failure = pages.failure.clone().unwrap();
    assert_eq!(failure.remaining, ["mount", "restart"]);
    let last = pages.said.last().unwrap();
    assert!(
        last.contains("no way back") && last.contains("mount, restart"),
        "{last}"
    );
}

#[tokio::test]
async fn a_failure_before_the_pivot_leaves_nothing_and_says_nothing_of_what_stays() {
    let mut world = World::default();
    let restart = world.step("restart").answering([Sent::NotDone(failed())]);
    let workflow = world.workflow(vec![world.working("mount"), restart.pivot("restart")]);
    assert_eq!(world.carry_out(&workflow).await.unwrap(), FAILED);
    let pages = world.book.pages();
    assert!(pages.events.contains(&"call undo of mount".to_owned()));
    assert!(pages.failure.clone().unwrap().remaining.is_empty());
}

#[tokio::test]
async fn a_result_that_cannot_be_read_makes_no_failure_of_what_was_done() {
    let mut world = World::default();
    let restart = world.step("restart").answering([done()]);
    let workflow = world.workflow(vec![
        restart.pivot("restart"),
        world.read("record", vec![Err(failed())]),
    ]);
    assert_eq!(world.carry_out(&workflow).await.unwrap(), SUCCEEDED);
    let pages = world.book.pages();
    assert_eq!(pages.rested, Some(JobEvent::Succeeded));
    assert_eq!(pages.failure, None);
    assert!(
        pages
            .said
            .iter()
            .any(|line| line.contains("record is left out")),
        "{:?}",
        pages.said
    );
}
