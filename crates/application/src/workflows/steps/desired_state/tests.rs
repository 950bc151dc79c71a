use super::{Reach, Restore};
use crate::sample::id;
use crate::workflows::journal::Journal;
use crate::workflows::payloads::{Baseline, Findings, Intent, encode_own};
use crate::workflows::scene::{ANSWER_WITHIN, Scene, attempt, created_by, intent};
use crate::workflows::step::{MutationStep, NotDone, ProofClass, Sent, Settled};
use crate::workflows::steps::Grouping;
use domain::job::journal::{AttemptState, Direction, StepAttempt};
use domain::names::GroupName;
use domain::ports::{MutationOutcome, ObservedEnvironment};

const STEP: &str = "attach_group";

fn attach() -> Grouping {
    Grouping::In(GroupName::parse("clients").unwrap())
}

fn restore() -> Restore<Grouping> {
    Restore {
        takes_back: "takes it back",
        step: STEP,
        state: attach(),
    }
}

/// A job that has made these attempts.
fn after(attempts: Vec<StepAttempt>) -> Scene {
    Scene {
        journal: Journal::new(attempts),
        ..Scene::default()
    }
}

/// The environment is in these groups.
fn in_groups(groups: &[&str]) -> Scene {
    Scene::default().observing(Some(ObservedEnvironment {
        groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        ..created_by(id(11))
    }))
}

/// An attempt before which the environment was in these groups.
fn found(number: u128, groups: &[&str]) -> StepAttempt {
    let before = Intent {
        baseline: Baseline {
            installed_before: None,
            seen_before: Some(serde_json::to_string(groups).unwrap()),
        },
        ..intent(None)
    };
    StepAttempt {
        baseline: Some(encode_own(&before)),
        ..attempt(number, STEP)
    }
}

fn undoing() -> StepAttempt {
    StepAttempt {
        direction: Direction::Undo,
        ..attempt(12, STEP)
    }
}

async fn settle(step: &dyn MutationStep, scene: &Scene) -> Result<Settled, NotDone> {
    step.settle(&scene.context(), &[&undoing()], &mut Findings::default())
        .await
}

#[tokio::test]
async fn what_is_there_is_read_before_and_written_down() {
    let scene = in_groups(&["shops"]);
    let baseline = Reach(attach()).baseline(&scene.context()).await.unwrap();
    assert_eq!(baseline.seen_before.as_deref(), Some(r#"["shops"]"#));
    assert_eq!(Reach(attach()).proof(), ProofClass::DesiredState);
}

#[tokio::test]
async fn what_is_there_already_is_not_asked_for() {
    // No expectation on the platform: a call would panic. Twice, because it may be run again.
    let scene = after(vec![found(11, &["clients"])]);
    for _ in 0..2 {
        let sent = Reach(attach())
            .send(&scene.context(), scene.ticket(id(11)))
            .await;
        assert_eq!(sent, Sent::Done(None));
    }
}

#[tokio::test]
async fn what_is_missing_is_asked_for_once() {
    let mut scene = after(vec![found(11, &["shops"])]);
    scene
        .platform
        .groups
        .expect_attach_group()
        .withf(|_, ticket, _, group| ticket.attempt == id(11) && group.as_str() == "clients")
        .times(1)
        .returning(|_, _, _, _| MutationOutcome::Done(()));
    let sent = Reach(attach())
        .send(&scene.context(), scene.ticket(id(11)))
        .await;
    assert_eq!(sent, Sent::Done(None));
}

#[tokio::test]
async fn in_doubt_the_state_tells_and_silence_only_once_no_answer_can_come() {
    let step = Reach(attach());
    let there = in_groups(&["clients", "shops"]);
    assert_eq!(settle(&step, &there).await, Ok(Settled::Done(None)));
    let missing = in_groups(&["shops"]);
    assert_eq!(settle(&step, &missing).await, Ok(Settled::Unknown));
    missing.clock.advance(ANSWER_WITHIN);
    assert_eq!(settle(&step, &missing).await, Ok(Settled::NotApplied));
    assert_eq!(settle(&step, &missing).await, Ok(Settled::NotApplied));
}

#[tokio::test]
async fn only_what_was_not_there_before_is_taken_back() {
    let mut scene = after(vec![found(11, &["clients"])]);
    // It was there: nothing is sent, and nothing is asked.
    let sent = restore().send(&scene.context(), scene.ticket(id(12))).await;
    assert_eq!(sent, Sent::Done(None));
    assert_eq!(settle(&restore(), &scene).await, Ok(Settled::Done(None)));

    scene.journal = Journal::new(vec![found(11, &["shops"])]);
    scene
        .platform
        .groups
        .expect_detach_group()
        .withf(|_, _, _, group| group.as_str() == "clients")
        .times(1)
        .returning(|_, _, _, _| MutationOutcome::Done(()));
    let sent = restore().send(&scene.context(), scene.ticket(id(12))).await;
    assert_eq!(sent, Sent::Done(None));
}

#[tokio::test]
async fn what_the_first_attempt_found_counts_and_not_what_a_later_one_did() {
    let lost = StepAttempt {
        state: AttemptState::NotDone,
        ..found(11, &[])
    };
    let mut scene = after(vec![lost, found(12, &["clients"])]);
    scene
        .platform
        .groups
        .expect_detach_group()
        .times(1)
        .returning(|_, _, _, _| MutationOutcome::Done(()));
    let sent = restore().send(&scene.context(), scene.ticket(id(13))).await;
    assert_eq!(sent, Sent::Done(None));
}

#[tokio::test]
async fn what_was_before_and_cannot_be_read_is_not_put_back_on_a_guess() {
    let scene = after(vec![attempt(11, STEP)]);
    let sent = restore().send(&scene.context(), scene.ticket(id(12))).await;
    assert!(matches!(sent, Sent::NotDone(NotDone::Attention { .. })));
}

#[tokio::test]
async fn a_lost_undo_is_settled_by_the_state_as_well() {
    let with_journal = |scene: Scene| Scene {
        journal: Journal::new(vec![found(11, &[])]),
        ..scene
    };
    let gone = with_journal(in_groups(&[]));
    assert_eq!(settle(&restore(), &gone).await, Ok(Settled::Done(None)));
    let stands = with_journal(in_groups(&["clients"]));
    assert_eq!(settle(&restore(), &stands).await, Ok(Settled::Unknown));
    let other = with_journal(Scene::default()).with_another_identity();
    let end = settle(&restore(), &other).await;
    assert!(matches!(end, Err(NotDone::Attention { .. })));
}
