//! A wish to cancel is seen at the next boundary, whichever that is.

use super::script::{Call, done};
use super::world::World;
use crate::workflows::runner::RunEnd;
use domain::job::{JobEvent, JobState};
use std::sync::Arc;

const CANCELLED: RunEnd = RunEnd::AtRest(JobState::Cancelled);

fn calls(world: &World) -> Vec<String> {
    let events = world.events();
    let calls = events
        .iter()
        .filter_map(|event| event.strip_prefix("call "));
    calls.map(ToOwned::to_owned).collect()
}

/// Somebody wants the job cancelled while this call is open.
fn cancelled_meanwhile(world: &World) -> Call {
    let book = Arc::clone(&world.book);
    let cancel = Box::new(move || book.pages().is_cancel_requested = true);
    Call::AnswersAfter(cancel, done())
}

#[tokio::test]
async fn a_wish_during_a_call_is_seen_before_the_next_one_and_everything_is_taken_back() {
    let mut world = World::default();
    let undo = world.step("undo of create").answering([done()]);
    let create = world.step("create").calling([cancelled_meanwhile(&world)]);
    let workflow = world.workflow(vec![
        create.with_undo("create", undo),
        world.step("name").never_undone("name", &world),
    ]);
    assert_eq!(world.carry_out(&workflow).await.unwrap(), CANCELLED);
    assert_eq!(calls(&world), ["create", "undo of create"]);
    let pages = world.book.pages();
    assert_eq!(pages.rested, Some(JobEvent::Cancelled));
    assert_eq!(pages.failure, None);
}

#[tokio::test]
async fn a_wish_that_comes_before_the_first_intent_lets_no_call_out() {
    let mut world = World::default();
    world.book.pages().is_cancel_requested = true;
    let workflow = world.workflow(vec![world.step("create").never_undone("create", &world)]);
    assert_eq!(world.carry_out(&workflow).await.unwrap(), CANCELLED);
    assert!(calls(&world).is_empty());
    assert_eq!(world.attempts(), []);
    assert!(world.events().contains(&"unlock".to_owned()));
}

#[tokio::test]
async fn a_wish_is_seen_by_a_read_as_well() {
    let mut world = World::default();
    world.book.pages().is_cancel_requested = true;
    let workflow = world.workflow(vec![
        world.read("look", vec![Ok(())]),
        world.step("create").never_undone("create", &world),
    ]);
    assert_eq!(world.carry_out(&workflow).await.unwrap(), CANCELLED);
    assert_eq!(world.attempts(), []);
    assert!(!world.events().contains(&"effect of look".to_owned()));
}

#[tokio::test]
async fn a_wish_in_the_last_moment_still_takes_everything_back() {
    let mut world = World::default();
    let undo = world.step("undo of create").answering([done()]);
    let create = world.step("create").calling([cancelled_meanwhile(&world)]);
    let workflow = world.workflow(vec![create.with_undo("create", undo)]);
    assert_eq!(world.carry_out(&workflow).await.unwrap(), CANCELLED);
    assert_eq!(calls(&world), ["create", "undo of create"]);
    let events = world.events();
    assert!(!events.contains(&"effect of Succeeded".to_owned()));
}

#[tokio::test]
async fn a_job_that_was_cancelled_while_it_waited_goes_straight_to_its_undo() {
    let mut world = World::default();
    world.put_done("create");
    world.book.pages().is_cancel_requested = true;
    world.claim_again();
    let workflow = world.workflow(vec![
        world.working("create"),
        world.step("name").never_undone("name", &world),
    ]);
    assert_eq!(world.carry_out(&workflow).await.unwrap(), CANCELLED);
    assert_eq!(calls(&world), ["undo of create"]);
}
