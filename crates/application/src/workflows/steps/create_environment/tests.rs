use super::CreateEnvironment;
use crate::sample::{beginning, environment, id};
use crate::workflows::payloads::{CreateOutput, Findings};
use crate::workflows::scene::{ANSWER_WITHIN, Scene, action, attempt, created_by};
use crate::workflows::step::{MutationStep, NotDone, Sent, Settled};
use domain::environment::PlatformAppId;
use domain::job::journal::StepAttempt;
use domain::names::ShortDomain;
use domain::ports::{
    CreatedEnvironment, CreationTag, MockTransaction, MutationOutcome, ObservedEnvironment,
    PlatformReadError,
};
use std::collections::BTreeMap;

const STEP: CreateEnvironment = CreateEnvironment { layers: Vec::new() };

fn first() -> StepAttempt {
    attempt(11, super::super::CREATE_ENVIRONMENT)
}

fn second() -> StepAttempt {
    attempt(12, super::super::CREATE_ENVIRONMENT)
}

async fn settle(scene: &Scene, attempts: &[&StepAttempt]) -> Result<Settled, NotDone> {
    STEP.settle(&scene.context(), attempts, &mut Findings::default())
        .await
}

fn is_attention<Value>(end: &Result<Value, NotDone>) -> bool {
    matches!(end, Err(NotDone::Attention { .. }))
}

#[tokio::test]
async fn what_is_created_carries_the_mark_of_its_attempt() {
    let mut scene = Scene::default();
    scene
        .platform
        .environments
        .expect_create_environment()
        .withf(|_, ticket, spec| {
            spec.creation_tag == CreationTag::of(id(11))
                && ticket.attempt == id(11)
                && spec.short_domain == environment().short_domain
        })
        .times(1)
        .returning(|_, _, _| {
            MutationOutcome::Done(CreatedEnvironment {
                environment: created_by(id(11)),
                node_passwords: BTreeMap::new(),
            })
        });
    let sent = STEP.send(&scene.context(), scene.ticket(id(11))).await;
    assert_eq!(
        sent,
        Sent::Done(Some(CreateOutput::of(&created_by(id(11)))))
    );
}

#[tokio::test]
async fn the_mark_of_any_attempt_of_this_step_makes_it_ours() {
    for ours in [first(), second()] {
        let scene = Scene::default().listing(vec![created_by(ours.id)]);
        let settled = settle(&scene, &[&first(), &second()]).await;
        let expected = CreateOutput::of(&created_by(ours.id));
        assert_eq!(settled, Ok(Settled::Done(Some(expected))));
    }
}

#[tokio::test]
async fn the_name_without_our_mark_is_left_to_a_person_and_untouched() {
    let renamed = ObservedEnvironment {
        display_name: Some("Somebody's shop".to_owned()),
        ..created_by(id(11))
    };
    let of_another_job = created_by(id(999));
    let unnamed = ObservedEnvironment {
        display_name: None,
        ..created_by(id(11))
    };
    for foreign in [renamed, of_another_job, unnamed] {
        // No expectation on any mutation: touching it would panic.
        let scene = Scene::default().listing(vec![foreign]);
        assert!(is_attention(&settle(&scene, &[&first()]).await));
    }
}

#[tokio::test]
async fn an_environment_of_another_name_is_no_hit_even_with_our_mark() {
    let elsewhere = ObservedEnvironment {
        short_domain: ShortDomain::parse("other-abc123").unwrap(),
        ..created_by(id(11))
    };
    let scene = Scene::default().listing(vec![elsewhere]).running(vec![]);
    assert_eq!(settle(&scene, &[&first()]).await, Ok(Settled::Unknown));
}

#[tokio::test]
async fn while_an_action_runs_nothing_is_known_and_earlier_misses_are_forgotten() {
    let actions = [
        action(Some(id(11)), None, None),
        action(None, Some("shop-abc123"), None),
    ];
    for running in actions {
        let scene = Scene::default().listing(vec![]).running(vec![running]);
        scene.clock.advance(2 * ANSWER_WITHIN);
        let mut findings = Findings {
            misses: 9,
            first_miss_at: Some(beginning().as_microsecond()),
            ..Findings::default()
        };
        scene.clock.advance(scene.settings.absence_window);
        let settled = STEP
            .settle(&scene.context(), &[&first()], &mut findings)
            .await;
        assert_eq!(settled, Ok(Settled::Unknown));
        assert_eq!((findings.misses, findings.first_miss_at), (0, None));
    }
}

#[tokio::test]
async fn somebody_elses_action_does_not_keep_the_proof_from_coming() {
    let others = vec![action(Some(id(999)), Some("other-abc123"), None)];
    let scene = Scene::default().listing(vec![]).running(others);
    scene.clock.advance(ANSWER_WITHIN);
    let mut findings = Findings::default();
    let mut settled = Vec::new();
    for _ in 0..scene.settings.absence_misses {
        let end = STEP
            .settle(&scene.context(), &[&first()], &mut findings)
            .await;
        settled.push(end.unwrap());
        scene.clock.advance(scene.settings.absence_window / 2);
    }
    assert_eq!(
        settled,
        [Settled::Unknown, Settled::Unknown, Settled::NotApplied]
    );
}

#[tokio::test]
async fn another_identitys_silence_proves_nothing() {
    let scene = Scene::default().with_another_identity().listing(vec![]);
    scene.clock.advance(100 * ANSWER_WITHIN);
    assert!(is_attention(&settle(&scene, &[&first()]).await));
}

#[tokio::test]
async fn another_identitys_hit_counts() {
    let scene = Scene::default()
        .with_another_identity()
        .listing(vec![created_by(id(11))]);
    let settled = settle(&scene, &[&first()]).await.unwrap();
    assert!(matches!(settled, Settled::Done(Some(_))));
}

#[tokio::test]
async fn a_platform_that_does_not_answer_the_question_is_asked_again_later() {
    let mut scene = Scene::default();
    scene
        .platform
        .environments
        .expect_list_environments()
        .returning(|_| Err(PlatformReadError::Unavailable("timed out".to_owned())));
    let end = settle(&scene, &[&first()]).await;
    assert!(matches!(end, Err(NotDone::Later { .. })));
}

#[tokio::test]
async fn the_incarnation_is_written_down_with_the_outcome() {
    let scene = Scene::default();
    let mut transaction = MockTransaction::default();
    transaction
        .environments
        .expect_update_environment()
        .times(1)
        .withf(|written| {
            written.platform_appid == Some(PlatformAppId("appid-1".to_owned()))
                && written.site_url.as_deref() == Some("https://shop-abc123.example.com/")
        })
        .returning(|_| Ok(()));
    let output = CreateOutput::of(&created_by(id(11)));
    STEP.record(&scene.context(), &mut transaction, Some(&output))
        .await
        .unwrap();
}
