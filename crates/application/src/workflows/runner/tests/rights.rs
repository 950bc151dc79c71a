//! What was taken away while a job runs lets no further step begin.

use super::script::{Call, done};
use super::world::World;
use crate::workflows::runner::RunEnd;
use domain::access::{PermissionSet, Principal};
use domain::error_code::ErrorCode;
use domain::job::JobState;

const FAILED: RunEnd = RunEnd::AtRest(JobState::Failed);
const SUCCEEDED: RunEnd = RunEnd::AtRest(JobState::Succeeded);

#[tokio::test]
async fn no_step_begins_after_the_rights_are_gone_and_what_was_done_is_taken_back() {
    let mut world = World::default();
    let book = world.book.clone();
    let lose = Box::new(move || book.pages().are_rights_lost = true);
    let create = world
        .step("create")
        .calling([Call::AnswersAfter(lose, done())]);
    let undo = world.step("undo of create").answering([done()]);
    let workflow = world.workflow(vec![
        create.with_undo("create", undo),
        world.working("mount"),
    ]);
    assert_eq!(world.carry_out(&workflow).await.unwrap(), FAILED);
    let events = world.events();
    assert!(events.contains(&"call create".to_owned()), "{events:?}");
    assert!(
        events.contains(&"call undo of create".to_owned()),
        "{events:?}"
    );
    assert!(
        !events.iter().any(|event| event.contains("mount")),
        "{events:?}"
    );
    let failure = world.book.pages().failure.clone().unwrap();
    assert_eq!(failure.code, ErrorCode::RightsRevoked);
    assert_eq!(failure.step.as_deref(), Some("mount"));
}

#[tokio::test]
async fn a_job_needs_all_that_its_request_demanded_and_windlass_itself_needs_nothing() {
    let mut world = World::default();
    world.book.pages().are_rights_lost = true;
    let workflow = world.workflow(vec![world.working("create")]);
    world.claimed.job.principal = Principal::System;
    world.claimed.job.required_permissions = PermissionSet::all();
    assert_eq!(world.carry_out(&workflow).await.unwrap(), SUCCEEDED);
}
