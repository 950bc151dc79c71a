//! A pause lets no further step begin, and costs no patience.

use super::script::{Call, done};
use super::world::World;
use crate::sample::{beginning, team};
use crate::workflows::runner::RunEnd;
use domain::access::Principal;
use domain::job::{JobEvent, JobState, WaitReason};
use domain::names::PauseReason;
use domain::pause::{MutationPause, PauseScope, TeamPauses};

const SUCCEEDED: RunEnd = RunEnd::AtRest(JobState::Succeeded);

fn paused() -> TeamPauses {
    TeamPauses::of(vec![MutationPause {
        scope: PauseScope::Team(team()),
        reason: PauseReason::parse("the platform is being moved").unwrap(),
        paused_by: Principal::CommandLine,
        paused_at: beginning(),
        ended_at: None,
    }])
}

#[tokio::test]
async fn no_step_begins_during_a_pause_and_the_job_goes_on_after_it() {
    let mut world = World::default();
    let book = world.book.clone();
    let pause = Box::new(move || book.pages().pauses = paused());
    let create = world
        .step("create")
        .calling([Call::AnswersAfter(pause, done())]);
    let workflow = world.workflow(vec![create.covered("create"), world.working("mount")]);
    assert_eq!(world.carry_out(&workflow).await.unwrap(), RunEnd::GivenBack);
    let events = world.events();
    assert!(events.contains(&"create done".to_owned()), "{events:?}");
    assert!(
        !events.iter().any(|event| event.contains("mount")),
        "{events:?}"
    );
    let (event, reason, _) = world.book.pages().given_back.clone().unwrap();
    assert_eq!((event, reason), (JobEvent::Parked, WaitReason::Paused));
    let said = world.book.pages().said.last().cloned().unwrap();
    assert!(said.ends_with("the platform is being moved"), "{said}");

    world.book.pages().pauses = TeamPauses::default();
    world.claim_again();
    assert_eq!(world.carry_out(&workflow).await.unwrap(), SUCCEEDED);
}

/// The look before it saw nothing yet.
#[tokio::test]
async fn a_pause_that_is_seen_only_in_the_transaction_is_obeyed_too() {
    let mut world = World::default();
    world.book.pages().pauses = paused();
    world.book.pages().is_pause_seen_late = true;
    let workflow = world.workflow(vec![world.working("create")]);
    assert_eq!(world.carry_out(&workflow).await.unwrap(), RunEnd::GivenBack);
    let events = world.events();
    assert!(
        !events.iter().any(|event| event == "call create"),
        "{events:?}"
    );
    assert!(world.attempts().is_empty(), "{:?}", world.attempts());
}

#[tokio::test]
async fn what_was_done_is_taken_back_during_a_pause() {
    let mut world = World::default();
    world.book.pages().pauses = paused();
    world.put_done("create");
    world.claimed.job.is_cancel_requested = true;
    world.book.pages().is_cancel_requested = true;
    let create = world.step("create");
    let undo = world.step("undo of create").answering([done()]);
    let workflow = world.workflow(vec![create.with_undo("create", undo)]);
    assert_eq!(
        world.carry_out(&workflow).await.unwrap(),
        RunEnd::AtRest(JobState::Cancelled)
    );
}
