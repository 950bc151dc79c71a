//! A failed job takes back what it did, in reverse.

use super::script::{done, doubt, failed, later};
use super::world::World;
use crate::workflows::runner::RunEnd;
use crate::workflows::step::{NotDone, Sent, Settled};
use domain::error_code::ErrorCode;
use domain::job::journal::AttemptState;
use domain::job::{JobEvent, JobState, WaitReason};

const FAILED: RunEnd = RunEnd::AtRest(JobState::Failed);

fn calls(world: &World) -> Vec<String> {
    let events = world.events();
    let calls = events
        .iter()
        .filter_map(|event| event.strip_prefix("call "));
    calls.map(ToOwned::to_owned).collect()
}

#[tokio::test]
async fn what_was_done_is_taken_back_in_reverse_and_then_the_job_has_failed() {
    let mut world = World::default();
    let fill = world.step("fill").answering([done()]).covered("fill");
    let name = world.step("name").answering([Sent::NotDone(failed())]);
    let workflow = world.workflow(vec![
        world.working("create"),
        world.working("mount"),
        fill,
        name.never_undone("name", &world),
    ]);
    assert_eq!(world.carry_out(&workflow).await.unwrap(), FAILED);
    let expected = [
        "create",
        "mount",
        "fill",
        "name",
        "undo of mount",
        "undo of create",
    ];
    assert_eq!(calls(&world), expected);
    let pages = world.book.pages();
    assert_eq!(pages.rested, Some(JobEvent::Failed));
    let failure = pages.failure.clone().unwrap();
    assert_eq!(failure.code, ErrorCode::PlatformQuotaExceeded);
    assert_eq!(failure.step.as_deref(), Some("name"));
    assert!(pages.events.contains(&"audit failed".to_owned()));
}

#[tokio::test]
async fn why_it_failed_is_stored_before_anything_is_taken_back() {
    let mut world = World::default();
    let name = world.step("name").answering([Sent::NotDone(failed())]);
    let workflow = world.workflow(vec![
        world.working("create"),
        name.never_undone("name", &world),
    ]);
    world.carry_out(&workflow).await.unwrap();
    let events = world.events();
    let at = |wanted: &str| events.iter().position(|event| event == wanted).unwrap();
    let failure = at("failure platform-quota-exceeded");
    assert_eq!(events[failure - 1], "name not_done", "in one transaction");
    assert_eq!(events[failure + 1], "commit");
    assert!(failure < at("undo of create started"));
}

#[tokio::test]
async fn an_undo_that_was_interrupted_is_gone_on_with_by_the_next_worker() {
    let mut world = World::default();
    let busy = Sent::NotDone(later(WaitReason::PlatformWork));
    let undo = world.step("undo of create").answering([busy]);
    let create = world.step("create").answering([done()]);
    let name = world.step("name").answering([Sent::NotDone(failed())]);
    let workflow = world.workflow(vec![
        create.with_undo("create", undo),
        name.never_undone("name", &world),
    ]);
    let end = world.carry_out(&workflow).await.unwrap();
    assert_eq!(end, RunEnd::GivenBack);
    world.claim_again();
    let workflow = world.workflow(vec![world.working("create"), world.working("name")]);
    assert_eq!(world.carry_out(&workflow).await.unwrap(), FAILED);
    assert_eq!(calls(&world), ["undo of create"]);
}

#[tokio::test]
async fn a_step_in_doubt_is_settled_before_it_is_taken_back() {
    let mut world = World::default();
    world.claimed.job.is_cancel_requested = true;
    world.book.pages().is_cancel_requested = true;
    world.put_attempt("create", AttemptState::InDoubt);
    let undo = world.step("undo of create").answering([done()]);
    let create = world.step("create").settling([Ok(Settled::Done(None))]);
    let workflow = world.workflow(vec![create.with_undo("create", undo)]);
    let end = world.carry_out(&workflow).await.unwrap();
    assert_eq!(end, RunEnd::AtRest(JobState::Cancelled));
    let attempts = [
        ("create".to_owned(), AttemptState::Done),
        ("undo of create".to_owned(), AttemptState::Done),
    ];
    assert_eq!(world.attempts(), attempts);
}

#[tokio::test]
async fn a_step_in_doubt_that_did_not_happen_is_not_sent_again_by_an_undo() {
    let mut world = World::default();
    world.claimed.job.is_cancel_requested = true;
    world.book.pages().is_cancel_requested = true;
    world.put_attempt("create", AttemptState::InDoubt);
    let create = world.step("create").settling([Ok(Settled::NotApplied)]);
    let workflow = world.workflow(vec![create.never_undone("create", &world)]);
    let end = world.carry_out(&workflow).await.unwrap();
    assert_eq!(end, RunEnd::AtRest(JobState::Cancelled));
    assert!(calls(&world).is_empty());
}

#[tokio::test]
async fn the_answer_of_an_undo_can_be_lost_too() {
    let mut world = World::default();
    let undo = world
        .step("undo of create")
        .answering([doubt(None)])
        .settling([Ok(Settled::Done(None))]);
    let create = world.step("create").answering([done()]);
    let name = world.step("name").answering([Sent::NotDone(failed())]);
    let workflow = world.workflow(vec![
        create.with_undo("create", undo),
        name.never_undone("name", &world),
    ]);
    assert_eq!(world.carry_out(&workflow).await.unwrap(), FAILED);
    assert_eq!(calls(&world), ["create", "name", "undo of create"]);
}

#[tokio::test]
async fn what_cannot_be_taken_back_needs_a_person_and_is_held() {
    let attention = NotDone::Attention {
        detail: "it stands".to_owned(),
    };
    for refused in [failed(), attention] {
        let mut world = World::default();
        let undo = world
            .step("undo of create")
            .answering([Sent::NotDone(refused)]);
        let create = world.step("create").answering([done()]);
        let name = world.step("name").answering([Sent::NotDone(failed())]);
        let workflow = world.workflow(vec![
            create.with_undo("create", undo),
            name.never_undone("name", &world),
        ]);
        let end = world.carry_out(&workflow).await.unwrap();
        assert_eq!(end, RunEnd::AtRest(JobState::NeedsAttention));
        let pages = world.book.pages();
        let attention = pages.attention.clone().unwrap();
        assert_eq!(attention.code, ErrorCode::NeedsAttention);
        let failure = pages.failure.clone().unwrap();
        assert_eq!(
            failure.code,
            ErrorCode::PlatformQuotaExceeded,
            "why it was undone"
        );
        let environment = pages.environment.clone().unwrap();
        assert_eq!(environment.held_by, Some(world.claimed.job.id));
    }
}
