//! An answer that was lost: ask, believe only what is proved, send again only where that is safe.

use super::script::{done, doubt, failed, later};
use super::world::World;
use crate::workflows::payloads::{Findings, decode};
use crate::workflows::runner::RunEnd;
use crate::workflows::step::{NotDone, ProofClass, Sent, Settled};
use domain::error_code::ErrorCode;
use domain::job::journal::AttemptState;
use domain::job::{JobEvent, JobState, WaitReason};
use domain::limits;
use domain::ports::{RefusalClass, UnclearAnswer};
use std::time::Duration;

const SUCCEEDED: RunEnd = RunEnd::AtRest(JobState::Succeeded);
const FAILED: RunEnd = RunEnd::AtRest(JobState::Failed);

fn calls(world: &World, label: &str) -> usize {
    let call = format!("call {label}");
    world
        .events()
        .iter()
        .filter(|event| **event == call)
        .count()
}

fn findings(world: &World) -> Findings {
    let stored = world.book.pages().journal[0].findings.clone();
    decode(&stored.unwrap()).unwrap()
}

#[tokio::test]
async fn a_lost_answer_is_found_to_have_happened_and_not_made_again() {
    let mut world = World::default();
    let step = world
        .step("create")
        .answering([doubt(None)])
        .settling([Ok(Settled::Done(None))]);
    let workflow = world.workflow(vec![step.never_undone("create", &world)]);
    assert_eq!(world.carry_out(&workflow).await.unwrap(), SUCCEEDED);
    let expected = [
        "call create",
        "begin",
        "create in_doubt",
        "create findings",
        "commit",
        "unlock",
        "ask about 1 of create",
        "begin",
        "effect of create",
        "create done",
        "commit",
    ];
    assert_eq!(world.events()[4..15], expected);
    assert_eq!(calls(&world, "create"), 1);
}

#[tokio::test]
async fn an_attempt_whose_process_died_is_asked_about_before_anything_else() {
    let mut world = World::default();
    world.put_attempt("create", AttemptState::Started);
    let step = world.step("create").settling([Ok(Settled::Done(None))]);
    let workflow = world.workflow(vec![step.never_undone("create", &world)]);
    assert_eq!(world.carry_out(&workflow).await.unwrap(), SUCCEEDED);
    assert_eq!(world.events()[0], "ask about 1 of create");
    assert_eq!(calls(&world, "create"), 0);
}

#[tokio::test]
async fn as_long_as_nothing_is_known_the_findings_are_kept_and_the_worker_given_back() {
    let mut world = World::default();
    let step = world
        .step("create")
        .answering([doubt(Some(702))])
        .settling([Ok(Settled::Unknown)]);
    let workflow = world.workflow(vec![step.never_undone("create", &world)]);
    let end = world.carry_out(&workflow).await.unwrap();
    assert_eq!(end, RunEnd::GivenBack);
    let expected = (
        JobEvent::Parked,
        WaitReason::Settlement,
        world.settings.poll_interval,
    );
    assert_eq!(world.book.pages().given_back, Some(expected));
    let kept = findings(&world);
    assert_eq!((kept.misses, kept.result), (1, Some(702)));

    world.claim_again();
    let step = world.step("create").settling([Ok(Settled::Unknown)]);
    let workflow = world.workflow(vec![step.never_undone("create", &world)]);
    world.carry_out(&workflow).await.unwrap();
    assert_eq!(
        findings(&world).misses,
        2,
        "the next look goes on from there"
    );
}

#[tokio::test]
async fn what_does_not_come_to_an_end_is_left_to_a_person() {
    let mut world = World::default();
    world.put_attempt("create", AttemptState::InDoubt);
    let limit = world.settings.answer_within_short + world.settings.patience;
    world.clock.advance(limit);
    let step = world
        .step("create")
        .settling([Ok(Settled::Unknown), Ok(Settled::Unknown)]);
    let workflow = world.workflow(vec![step.never_undone("create", &world)]);
    let end = world.carry_out(&workflow).await.unwrap();
    assert_eq!(end, RunEnd::GivenBack);
    world.clock.advance(Duration::from_secs(1));
    world.claim_again();
    let end = world.carry_out(&workflow).await.unwrap();
    assert_eq!(end, RunEnd::AtRest(JobState::NeedsAttention));
}

#[tokio::test]
async fn what_surely_did_not_happen_is_sent_again_once() {
    for proof in [ProofClass::Named, ProofClass::Observable] {
        let mut world = World::default();
        let step = world
            .step("create")
            .proved_by(proof)
            .answering([doubt(None), done()])
            .settling([Ok(Settled::NotApplied)]);
        let workflow = world.workflow(vec![step.never_undone("create", &world)]);
        assert_eq!(world.carry_out(&workflow).await.unwrap(), SUCCEEDED);
        let attempts = [
            ("create".to_owned(), AttemptState::NotDone),
            ("create".to_owned(), AttemptState::Done),
        ];
        assert_eq!(world.attempts(), attempts);
    }
}

#[tokio::test]
async fn the_second_time_it_fails_instead() {
    for proof in [ProofClass::Named, ProofClass::Observable] {
        let mut world = World::default();
        let step = world
            .step("create")
            .proved_by(proof)
            .answering([doubt(None), doubt(None)])
            .settling([Ok(Settled::NotApplied), Ok(Settled::NotApplied)]);
        let workflow = world.workflow(vec![step.never_undone("create", &world)]);
        assert_eq!(world.carry_out(&workflow).await.unwrap(), FAILED);
        assert_eq!(calls(&world, "create"), 2);
        let failure = world.book.pages().failure.clone().unwrap();
        assert!(failure.is_retryable);
    }
}

#[tokio::test]
async fn a_wanted_state_is_asked_for_again_several_times() {
    let resends = limits::STEP_RESENDS_MAX as usize;
    let mut world = World::default();
    let mut step = world.step("name").proved_by(ProofClass::DesiredState);
    for _ in 0..=resends {
        step = step
            .answering([doubt(Some(1))])
            .settling([Ok(Settled::NotApplied)]);
    }
    let workflow = world.workflow(vec![step.never_undone("name", &world)]);
    assert_eq!(world.carry_out(&workflow).await.unwrap(), FAILED);
    assert_eq!(calls(&world, "name"), resends + 1);
}

#[tokio::test]
async fn attempts_that_never_left_do_not_use_up_the_resend() {
    for proof in [ProofClass::Named, ProofClass::DesiredState] {
        let mut world = World::default();
        for _ in 0..10 {
            world.put_attempt("create", AttemptState::NotDone);
        }
        let step = world
            .step("create")
            .proved_by(proof)
            .answering([doubt(None), done()])
            .settling([Ok(Settled::NotApplied)]);
        let workflow = world.workflow(vec![step.never_undone("create", &world)]);
        assert_eq!(world.carry_out(&workflow).await.unwrap(), SUCCEEDED);
    }
}

#[tokio::test]
async fn the_resend_of_an_earlier_run_counts() {
    let mut world = World::default();
    let step = world
        .step("create")
        .answering([doubt(None), Sent::NotDone(later(WaitReason::PlatformWork))])
        .settling([Ok(Settled::NotApplied)]);
    let workflow = world.workflow(vec![step.never_undone("create", &world)]);
    let end = world.carry_out(&workflow).await.unwrap();
    assert_eq!(end, RunEnd::GivenBack);
    world.claim_again();
    let step = world
        .step("create")
        .answering([doubt(None)])
        .settling([Ok(Settled::NotApplied)]);
    let workflow = world.workflow(vec![step.never_undone("create", &world)]);
    assert_eq!(world.carry_out(&workflow).await.unwrap(), FAILED);
}

#[tokio::test]
async fn a_code_that_refused_it_after_all_is_a_failure_and_not_sent_again() {
    for proof in [ProofClass::Named, ProofClass::Observable] {
        let mut world = World::default();
        let step = world
            .step("create")
            .proved_by(proof)
            .answering([doubt(Some(4_109))])
            .settling([Ok(Settled::NotApplied)]);
        let workflow = world.workflow(vec![step.never_undone("create", &world)]);
        assert_eq!(world.carry_out(&workflow).await.unwrap(), FAILED);
        let failure = world.book.pages().failure.clone().unwrap();
        assert_eq!(failure.code, ErrorCode::PlatformRefused);
        assert_eq!(failure.platform_code, Some(4_109));
        assert!(!failure.is_retryable);
        assert_eq!(calls(&world, "create"), 1);
    }
}

#[tokio::test]
async fn a_code_that_another_try_may_not_meet_again_is_no_refusal() {
    for (result, class) in [
        (702, RefusalClass::Session),
        (2_212, RefusalClass::Busy),
        (0, RefusalClass::Other),
    ] {
        let mut world = World::default();
        let unclear = Sent::InDoubt {
            reason: "it left it open".to_owned(),
            answer: Some(UnclearAnswer { result, class }),
        };
        let step = world
            .step("create")
            .answering([unclear, done()])
            .settling([Ok(Settled::NotApplied)]);
        let workflow = world.workflow(vec![step.never_undone("create", &world)]);
        assert_eq!(world.carry_out(&workflow).await.unwrap(), SUCCEEDED);
        assert_eq!(calls(&world, "create"), 2, "code {result}");
    }
}

#[tokio::test]
async fn a_question_that_cannot_be_asked_now_is_asked_later() {
    let mut world = World::default();
    world.put_attempt("create", AttemptState::InDoubt);
    let unreachable = Err(later(WaitReason::PlatformUnavailable));
    let step = world.step("create").settling([unreachable]);
    let workflow = world.workflow(vec![step.never_undone("create", &world)]);
    let end = world.carry_out(&workflow).await.unwrap();
    assert_eq!(end, RunEnd::GivenBack);
    let expected = vec![("create".to_owned(), AttemptState::InDoubt)];
    assert_eq!(world.attempts(), expected);
}

#[tokio::test]
async fn a_refusal_of_the_question_is_no_answer_to_it() {
    let attention = NotDone::Attention {
        detail: "not our mark".to_owned(),
    };
    for refused in [failed(), attention] {
        let mut world = World::default();
        world.put_attempt("create", AttemptState::InDoubt);
        let step = world.step("create").settling([Err(refused)]);
        let workflow = world.workflow(vec![step.never_undone("create", &world)]);
        let end = world.carry_out(&workflow).await.unwrap();
        assert_eq!(end, RunEnd::AtRest(JobState::NeedsAttention));
        // It stays in doubt: whoever looks at it must not read that it did not happen.
        let expected = vec![("create".to_owned(), AttemptState::InDoubt)];
        assert_eq!(world.attempts(), expected);
        let environment = world.book.pages().environment.clone().unwrap();
        assert_eq!(environment.held_by, Some(world.claimed.job.id));
    }
}

#[tokio::test]
async fn a_blind_step_is_sent_again_only_when_that_does_no_harm() {
    for (is_harmless, expected_calls) in [(false, 1), (true, 2)] {
        let mut world = World::default();
        let mut step = world
            .step("restart")
            .proved_by(ProofClass::Blind)
            .answering([doubt(None), done()])
            .settling([Ok(Settled::NotApplied)]);
        if is_harmless {
            step = step.harmless_to_repeat();
        }
        let workflow = world.workflow(vec![step.covered("restart")]);
        let end = world.carry_out(&workflow).await.unwrap();
        assert_eq!(end, if is_harmless { SUCCEEDED } else { FAILED });
        assert_eq!(calls(&world, "restart"), expected_calls);
    }
}

#[tokio::test]
async fn what_is_asked_again_stays_in_doubt_until_an_answer_comes() {
    let mut world = World::default();
    let step = world
        .step("replace")
        .proved_by(ProofClass::Guarded)
        .answering([doubt(None), doubt(None), done()])
        .settling([Ok(Settled::AskAgain), Ok(Settled::AskAgain)]);
    let workflow = world.workflow(vec![step.covered("replace")]);
    assert_eq!(world.carry_out(&workflow).await.unwrap(), SUCCEEDED);
    let attempts = [
        ("replace".to_owned(), AttemptState::InDoubt),
        ("replace".to_owned(), AttemptState::InDoubt),
        ("replace".to_owned(), AttemptState::Done),
    ];
    assert_eq!(world.attempts(), attempts);
}

#[tokio::test]
async fn a_question_that_never_left_does_not_settle_what_is_in_doubt() {
    let mut world = World::default();
    let step = world
        .step("replace")
        .proved_by(ProofClass::Guarded)
        .answering([doubt(None), Sent::NotDone(failed())])
        .settling([Ok(Settled::AskAgain), Ok(Settled::Done(None))]);
    let workflow = world.workflow(vec![step.covered("replace")]);
    // The second attempt fails the job, and taking back begins by settling the first one.
    assert_eq!(world.carry_out(&workflow).await.unwrap(), FAILED);
    let attempts = [
        ("replace".to_owned(), AttemptState::Done),
        ("replace".to_owned(), AttemptState::NotDone),
    ];
    assert_eq!(world.attempts(), attempts);
    let asked = world
        .events()
        .iter()
        .filter(|event| event.starts_with("ask about 1 of"))
        .count();
    assert_eq!(asked, 2, "only the attempt that may have happened");
}
