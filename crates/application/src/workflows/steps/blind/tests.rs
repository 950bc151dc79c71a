use super::{Blind, BlindCall};
use crate::sample::{beginning, id};
use crate::workflows::context::JobContext;
use crate::workflows::payloads::Findings;
use crate::workflows::scene::{ANSWER_WITHIN, Scene, action, attempt};
use crate::workflows::step::{MutationStep, NotDone, ProofClass, Sent, Settled};
use async_trait::async_trait;
use domain::ports::{MutationOutcome, MutationTicket, Refusal, RefusalClass, TrackedAction};

struct Call {
    outcome: MutationOutcome<()>,
    is_harmless: bool,
}

#[async_trait]
impl BlindCall for Call {
    fn does(&self) -> &'static str {
        "calls"
    }

    async fn call(
        &self,
        _context: &JobContext<'_>,
        _ticket: MutationTicket,
    ) -> MutationOutcome<()> {
        self.outcome.clone()
    }

    fn harmless_to_repeat(&self) -> Option<&'static str> {
        self.is_harmless.then_some("twice is once")
    }
}

fn step(is_harmless: bool) -> Blind<Call> {
    Blind(Call {
        outcome: MutationOutcome::Done(()),
        is_harmless,
    })
}

/// The tracking knows this about the attempt.
fn tracked(actions: Vec<TrackedAction>) -> Scene {
    let mut scene = Scene::default();
    scene
        .platform
        .tracking
        .expect_find_actions_of()
        .withf(|_, attempt, since| *attempt == id(11) && *since == beginning())
        .returning(move |_, _, _| Ok(actions.clone()));
    scene
}

async fn settle(scene: &Scene, is_harmless: bool) -> Result<Settled, NotDone> {
    step(is_harmless)
        .settle(
            &scene.context(),
            &[&attempt(11, "restart_cp")],
            &mut Findings::default(),
        )
        .await
}

#[tokio::test]
async fn the_answer_counts_when_there_is_one() {
    let scene = Scene::default();
    let refused = MutationOutcome::Refused(Refusal {
        class: RefusalClass::Permission,
        result: 8,
        text: "no".to_owned(),
    });
    let lost = MutationOutcome::MaybeApplied {
        reason: "connection reset".to_owned(),
        answer: None,
    };
    for outcome in [MutationOutcome::Done(()), refused, lost] {
        let step = Blind(Call {
            outcome: outcome.clone(),
            is_harmless: false,
        });
        assert_eq!(step.proof(), ProofClass::Blind);
        let sent = step.send(&scene.context(), scene.ticket(id(11))).await;
        let is_as_expected = match outcome {
            MutationOutcome::Done(()) => sent == Sent::Done(None),
            MutationOutcome::Refused(_) => matches!(sent, Sent::NotDone(NotDone::Failed(_))),
            _ => matches!(sent, Sent::InDoubt { .. }),
        };
        assert!(is_as_expected, "{sent:?}");
    }
}

#[tokio::test]
async fn in_doubt_the_tracking_decides_and_nothing_else() {
    let ended = |result| action(Some(id(11)), None, result);
    let running = tracked(vec![ended(Some(0)), ended(None)]);
    assert_eq!(settle(&running, false).await, Ok(Settled::Unknown));
    let well = tracked(vec![ended(Some(0))]);
    assert_eq!(settle(&well, false).await, Ok(Settled::Done(None)));
    let in_error = tracked(vec![ended(Some(4_109))]);
    assert_eq!(settle(&in_error, false).await, Ok(Settled::NotApplied));
}

#[tokio::test]
async fn what_nothing_tells_goes_to_a_person_once_no_answer_can_come() {
    let ended = |result| action(Some(id(11)), None, result);
    for actions in [vec![], vec![ended(Some(0)), ended(Some(1))]] {
        let scene = tracked(actions);
        assert_eq!(settle(&scene, false).await, Ok(Settled::Unknown));
        scene.clock.advance(ANSWER_WITHIN);
        let end = settle(&scene, false).await;
        assert!(matches!(end, Err(NotDone::Attention { .. })), "{end:?}");
        // What does no harm is sent again instead.
        assert_eq!(settle(&scene, true).await, Ok(Settled::NotApplied));
    }
}
