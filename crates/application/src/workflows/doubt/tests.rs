use super::{count_miss, forget_misses, is_same_identity, may_still_be_answered};
use crate::sample::beginning;
use crate::workflows::payloads::Findings;
use crate::workflows::scene::{ANSWER_WITHIN, Scene, attempt};
use crate::workflows::step::Settled;
use domain::job::journal::StepAttempt;
use domain::platform_account::PlatformUid;
use domain::ports::Clock;
use std::time::Duration;

/// Looks once more and finds nothing.
fn miss(scene: &Scene, findings: &mut Findings) -> Settled {
    count_miss(&scene.context(), &attempt(1, "create"), findings)
}

fn after_the_time_for_answers() -> Scene {
    let scene = Scene::default();
    scene.clock.advance(ANSWER_WITHIN);
    scene
}

#[test]
fn silence_means_nothing_while_the_call_may_still_be_answered() {
    let scene = Scene::default();
    let moment = Duration::from_secs(1);
    scene.clock.advance(ANSWER_WITHIN.saturating_sub(moment));
    let mut findings = Findings::default();
    for _ in 0..10 {
        assert_eq!(miss(&scene, &mut findings), Settled::Unknown);
    }
    assert_eq!(findings, Findings::default(), "such looks are not counted");
}

#[test]
fn an_answer_that_left_it_open_is_an_answer() {
    let unanswered = Findings::default();
    let answered = Findings {
        result: Some(702),
        ..Findings::default()
    };
    let attempt = attempt(1, "create");
    assert!(may_still_be_answered(&attempt, &unanswered, beginning()));
    assert!(!may_still_be_answered(&attempt, &answered, beginning()));
    assert!(!may_still_be_answered(
        &attempt,
        &unanswered,
        attempt.answer_by
    ));
    let scene = Scene::default();
    let mut findings = answered;
    miss(&scene, &mut findings);
    assert_eq!(findings.misses, 1, "it counts at once");
}

#[test]
fn misses_prove_absence_only_when_there_are_enough_of_them_over_the_whole_window() {
    let scene = after_the_time_for_answers();
    let window = scene.settings.absence_window;
    let mut findings = Findings::default();
    // Many misses in a moment prove nothing.
    for _ in 0..5 {
        assert_eq!(miss(&scene, &mut findings), Settled::Unknown);
    }
    let moment = Duration::from_micros(1);
    scene.clock.advance(window.saturating_sub(moment));
    assert_eq!(miss(&scene, &mut findings), Settled::Unknown);
    assert!(!findings.is_absence_proved);
    scene.clock.advance(moment);
    assert_eq!(miss(&scene, &mut findings), Settled::NotApplied);
    assert!(findings.is_absence_proved);
}

#[test]
fn a_long_window_with_too_few_looks_proves_nothing() {
    let scene = after_the_time_for_answers();
    let mut findings = Findings::default();
    assert_eq!(miss(&scene, &mut findings), Settled::Unknown);
    scene.clock.advance(10 * scene.settings.absence_window);
    assert_eq!(miss(&scene, &mut findings), Settled::Unknown);
    assert_eq!(miss(&scene, &mut findings), Settled::NotApplied);
    assert_eq!(findings.misses, scene.settings.absence_misses);
}

#[test]
fn a_hit_in_between_starts_the_count_and_the_window_again() {
    let scene = after_the_time_for_answers();
    let window = scene.settings.absence_window;
    let mut findings = Findings::default();
    for _ in 0..3 {
        miss(&scene, &mut findings);
        scene.clock.advance(window / 3);
    }
    forget_misses(&mut findings);
    assert_eq!((findings.misses, findings.first_miss_at), (0, None));
    for _ in 0..3 {
        assert_eq!(miss(&scene, &mut findings), Settled::Unknown);
    }
    let first = findings.first_miss_at.unwrap();
    assert_eq!(first, scene.clock.now().as_microsecond());
    scene.clock.advance(window);
    assert_eq!(miss(&scene, &mut findings), Settled::NotApplied);
}

#[test]
fn findings_survive_between_looks_of_different_workers() {
    let scene = after_the_time_for_answers();
    let mut findings = Findings::default();
    for _ in 0..2 {
        miss(&scene, &mut findings);
    }
    let stored = crate::workflows::payloads::encode_own(&findings);
    let mut loaded: Findings = crate::workflows::payloads::decode(&stored).unwrap();
    scene.clock.advance(scene.settings.absence_window);
    assert_eq!(miss(&scene, &mut loaded), Settled::NotApplied);
}

#[test]
fn another_user_and_another_credential_are_another_identity() {
    let same = Scene::default();
    assert!(is_same_identity(&same.context(), &attempt(1, "create")));
    let reconnected = Scene::default().with_another_identity();
    assert!(!is_same_identity(
        &reconnected.context(),
        &attempt(1, "create")
    ));
    let mut other_user = Scene::default();
    other_user.account.platform_uid = PlatformUid(1);
    assert!(!is_same_identity(
        &other_user.context(),
        &attempt(1, "create")
    ));
    let without_intent = StepAttempt {
        baseline: None,
        ..attempt(1, "create")
    };
    assert!(!is_same_identity(&same.context(), &without_intent));
}
