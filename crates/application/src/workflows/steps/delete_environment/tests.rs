use super::DeleteEnvironment;
use crate::sample::id;
use crate::workflows::journal::Journal;
use crate::workflows::payloads::{CreateOutput, Findings};
use crate::workflows::scene::{ANSWER_WITHIN, Scene, attempt, created_by};
use crate::workflows::step::{MutationStep, NotDone, Sent, Settled};
use crate::workflows::steps::CREATE_ENVIRONMENT;
use domain::environment::{ObservedState, PlatformAppId};
use domain::error_code::ErrorCode;
use domain::job::journal::{AttemptState, Direction, StepAttempt};
use domain::job::{EncodedData, WaitReason};
use domain::platform_account::DeletionConfirmation;
use domain::ports::{MutationOutcome, ObservedEnvironment, Refusal, RefusalClass};

/// A job that created the environment and now takes it back.
fn scene() -> Scene {
    Scene {
        journal: Journal::new(vec![StepAttempt {
            state: AttemptState::Done,
            output: Some(CreateOutput::of(&created_by(id(11)))),
            ..attempt(11, CREATE_ENVIRONMENT)
        }]),
        ..Scene::default()
    }
}

fn deletion() -> StepAttempt {
    StepAttempt {
        direction: Direction::Undo,
        ..attempt(12, CREATE_ENVIRONMENT)
    }
}

fn standing(state: ObservedState) -> ObservedEnvironment {
    ObservedEnvironment {
        state,
        ..created_by(id(11))
    }
}

fn another_incarnation() -> ObservedEnvironment {
    ObservedEnvironment {
        appid: PlatformAppId("appid-2".to_owned()),
        ..created_by(id(11))
    }
}

/// A platform on which the environment runs and that answers the deletion like this.
fn answering(outcome: MutationOutcome<()>) -> Scene {
    let mut scene = scene()
        .observing(Some(standing(ObservedState::Running)))
        .with_team_key();
    scene
        .platform
        .environments
        .expect_delete_environment()
        .times(1)
        .return_once(|_, _, _, _| outcome);
    scene
}

fn refused(class: RefusalClass) -> MutationOutcome<()> {
    MutationOutcome::Refused(Refusal {
        class,
        result: 1,
        text: "no".to_owned(),
    })
}

async fn send(scene: &Scene) -> Sent {
    DeleteEnvironment::MadeBy(CREATE_ENVIRONMENT)
        .send(&scene.context(), scene.ticket(id(12)))
        .await
}

async fn settle(scene: &Scene) -> Result<Settled, NotDone> {
    DeleteEnvironment::MadeBy(CREATE_ENVIRONMENT)
        .settle(&scene.context(), &[&deletion()], &mut Findings::default())
        .await
}

fn needs_a_person(sent: &Sent) -> bool {
    matches!(sent, Sent::NotDone(NotDone::Attention { .. }))
}

// Where a scene has no expectation on the deletion, making the call would panic.

#[tokio::test]
async fn another_incarnation_under_the_name_is_never_deleted() {
    let scene = scene().observing(Some(another_incarnation()));
    assert_eq!(send(&scene).await, Sent::Done(None));
}

#[tokio::test]
async fn what_is_gone_already_needs_no_call() {
    let scene = scene().observing(None);
    assert_eq!(send(&scene).await, Sent::Done(None));
}

#[tokio::test]
async fn to_another_account_it_is_invisible_and_not_gone() {
    let scene = scene().with_another_identity().observing(None);
    assert!(needs_a_person(&send(&scene).await));
}

#[tokio::test]
async fn what_the_platform_is_still_changing_is_deleted_later() {
    let scene = scene().observing(Some(standing(ObservedState::Changing)));
    let Sent::NotDone(NotDone::Later { reason, .. }) = send(&scene).await else {
        panic!("it is neither deleted nor given up");
    };
    assert_eq!(reason, WaitReason::PlatformWork);
}

#[tokio::test]
async fn every_other_state_is_deleted_with_the_confirmation_that_is_asked_for() {
    for state in [
        ObservedState::Running,
        ObservedState::Stopped,
        ObservedState::Sleeping,
        ObservedState::Broken,
    ] {
        for (asked_for, expected) in [
            (DeletionConfirmation::NotNeeded, None),
            (DeletionConfirmation::EnvironmentName, Some("shop-abc123")),
            (DeletionConfirmation::AccountPassword, Some("pw")),
        ] {
            let mut scene = scene().observing(Some(standing(state))).with_team_key();
            scene.account.deletion = asked_for;
            scene
                .platform
                .environments
                .expect_delete_environment()
                .withf(move |_, _, _, confirmation| {
                    confirmation.as_ref().map(domain::SecretText::expose) == expected
                })
                .times(1)
                .returning(|_, _, _, _| MutationOutcome::Done(()));
            assert_eq!(send(&scene).await, Sent::Done(None));
        }
    }
}

#[tokio::test]
async fn without_the_confirmation_in_custody_a_person_has_to_delete_it() {
    let mut scene = scene()
        .observing(Some(standing(ObservedState::Running)))
        .with_team_key();
    scene.account.deletion = DeletionConfirmation::Unavailable;
    assert!(needs_a_person(&send(&scene).await));
}

#[tokio::test]
async fn a_creation_whose_output_cannot_be_read_is_not_taken_for_gone() {
    let unreadable = StepAttempt {
        state: AttemptState::Done,
        output: Some(EncodedData("{}".to_owned())),
        ..attempt(11, CREATE_ENVIRONMENT)
    };
    let scene = Scene {
        journal: Journal::new(vec![unreadable]),
        ..Scene::default()
    };
    assert!(needs_a_person(&send(&scene).await));
}

#[tokio::test]
async fn not_found_means_that_it_is_deleted() {
    let sent = send(&answering(refused(RefusalClass::NotFound))).await;
    assert_eq!(sent, Sent::Done(None));
}

#[tokio::test]
async fn a_refusal_for_good_needs_a_person_because_something_is_left() {
    for class in [
        RefusalClass::Permission,
        RefusalClass::Invalid,
        RefusalClass::Quota,
        RefusalClass::Other,
    ] {
        let sent = send(&answering(refused(class))).await;
        assert!(needs_a_person(&sent), "{class:?}: {sent:?}");
    }
}

#[tokio::test]
async fn a_busy_platform_is_asked_again() {
    let sent = send(&answering(refused(RefusalClass::Busy))).await;
    assert!(matches!(sent, Sent::NotDone(NotDone::Later { .. })));
}

#[tokio::test]
async fn a_lost_answer_leaves_it_in_doubt() {
    let lost = MutationOutcome::MaybeApplied {
        reason: "connection reset".to_owned(),
        answer: None,
    };
    let sent = send(&answering(lost)).await;
    assert!(matches!(sent, Sent::InDoubt { answer: None, .. }));
}

#[tokio::test]
async fn in_doubt_gone_is_gone_at_once() {
    for found in [None, Some(another_incarnation())] {
        let scene = scene().observing(found);
        assert_eq!(settle(&scene).await, Ok(Settled::Done(None)));
    }
}

#[tokio::test]
async fn in_doubt_what_still_stands_may_go_until_the_answer_is_due() {
    let scene = scene().observing(Some(standing(ObservedState::Running)));
    assert_eq!(settle(&scene).await, Ok(Settled::Unknown));
    scene.clock.advance(ANSWER_WITHIN);
    assert_eq!(settle(&scene).await, Ok(Settled::NotApplied));
}

#[tokio::test]
async fn in_doubt_what_is_changing_is_waited_for_however_late() {
    let scene = scene().observing(Some(standing(ObservedState::Changing)));
    scene.clock.advance(10 * ANSWER_WITHIN);
    assert_eq!(settle(&scene).await, Ok(Settled::Unknown));
}

#[tokio::test]
async fn in_doubt_another_identity_cannot_tell() {
    let scene = scene().with_another_identity();
    let end = settle(&scene).await;
    assert!(matches!(end, Err(NotDone::Attention { .. })));
}

fn known() -> DeleteEnvironment {
    DeleteEnvironment::Known(PlatformAppId("appid-1".to_owned()))
}

#[tokio::test]
async fn a_known_incarnation_that_is_missing_is_gone_only_if_no_other_account_was_ever_connected() {
    for found in [None, Some(another_incarnation())] {
        for (credential_version, is_gone) in [(1, true), (2, false)] {
            let mut scene = Scene::default().observing(found.clone());
            scene.account.credential_version = credential_version;
            let sent = known().send(&scene.context(), scene.ticket(id(12))).await;
            if is_gone {
                assert_eq!(sent, Sent::Done(None));
                continue;
            }
            let Sent::NotDone(NotDone::Failed(failure)) = sent else {
                panic!("nothing was deleted: {sent:?}");
            };
            assert_eq!(failure.code, ErrorCode::EnvironmentNotVisible);
        }
    }
}

#[tokio::test]
async fn a_wanted_deletion_that_is_refused_fails_and_leaves_nothing_behind() {
    let mut scene = answering(refused(RefusalClass::Permission));
    scene.journal = Journal::default();
    let sent = known().send(&scene.context(), scene.ticket(id(12))).await;
    assert!(
        matches!(sent, Sent::NotDone(NotDone::Failed(_))),
        "{sent:?}"
    );
    let mut scene = scene_without_confirmation();
    scene.journal = Journal::default();
    let sent = known().send(&scene.context(), scene.ticket(id(12))).await;
    let Sent::NotDone(NotDone::Failed(failure)) = sent else {
        panic!("it cannot be confirmed: {sent:?}");
    };
    assert_eq!(failure.code, ErrorCode::DeleteConfirmationUnavailable);
}

fn scene_without_confirmation() -> Scene {
    let mut scene = scene()
        .observing(Some(standing(ObservedState::Running)))
        .with_team_key();
    scene.account.deletion = DeletionConfirmation::Unavailable;
    scene
}
