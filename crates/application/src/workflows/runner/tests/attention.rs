//! Jobs that are set aside, so that they block nobody.

use super::world::World;
use crate::workflows::runner::RunEnd;
use domain::error_code::ErrorCode;
use domain::job::journal::AttemptState;
use domain::job::{EncodedData, JobEvent, JobState};
use domain::limits;

const NEEDS_ATTENTION: RunEnd = RunEnd::AtRest(JobState::NeedsAttention);

fn assert_set_aside(world: &World) {
    let pages = world.book.pages();
    assert_eq!(pages.rested, Some(JobEvent::AttentionNeeded));
    let attention = pages.attention.clone().unwrap();
    assert_eq!(attention.code, ErrorCode::JobUnrunnable);
    let environment = pages.environment.clone().unwrap();
    assert_eq!(environment.held_by, Some(world.claimed.job.id));
    assert!(pages.events.contains(&"audit failed".to_owned()));
}

#[tokio::test]
async fn a_job_that_brings_its_process_down_again_and_again_is_set_aside_without_a_call() {
    let mut world = World::default();
    world.claimed.deaths = limits::JOB_DEATHS_MAX;
    // No expectation on the platform: any call would panic.
    assert_eq!(world.run().await.unwrap(), NEEDS_ATTENTION);
    assert_set_aside(&world);
}

#[tokio::test]
async fn a_job_that_cannot_be_read_is_set_aside_without_a_call() {
    for payload in ["", "{}", r#"{"addon":"no such add-on"}"#] {
        let mut world = World::default();
        world.claimed.job.payload = EncodedData(payload.to_owned());
        assert_eq!(world.run().await.unwrap(), NEEDS_ATTENTION);
        assert_set_aside(&world);
    }
}

#[tokio::test]
async fn a_journal_that_does_not_fit_the_steps_is_set_aside_and_never_keeps_the_worker() {
    let mut world = World::default();
    // A read is only ever written down as done.
    world.put_attempt("look", AttemptState::Started);
    let workflow = world.workflow(vec![world.read("look", vec![])]);
    assert_eq!(world.carry_out(&workflow).await.unwrap(), NEEDS_ATTENTION);
    assert_eq!(world.book.pages().rested, Some(JobEvent::AttentionNeeded));
}
