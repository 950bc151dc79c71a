use super::{CheckSource, CloneEnvironment};
use crate::sample::{environment, id};
use crate::workflows::payloads::{CreateOutput, Findings};
use crate::workflows::scene::{Scene, action, attempt, created_by};
use crate::workflows::step::{MutationStep, NotDone, ReadStep, Sent, Settled};
use domain::environment::{ObservedState, PlatformAppId};
use domain::error_code::ErrorCode;
use domain::names::ShortDomain;
use domain::ports::{
    CreatedEnvironment, MockTransaction, MutationOutcome, ObservedEnvironment, TrackedAction,
};
use std::collections::BTreeMap;

fn source() -> ShortDomain {
    ShortDomain::parse("origin-xyz789").unwrap()
}

fn step() -> CloneEnvironment {
    CloneEnvironment { source: source() }
}

/// The copy, under the name of the sample environment.
fn copy() -> ObservedEnvironment {
    ObservedEnvironment {
        display_name: Some("Origin".to_owned()),
        ..created_by(id(11))
    }
}

fn scene(listed: Vec<ObservedEnvironment>, at_work: Vec<TrackedAction>) -> Scene {
    Scene::default().listing(listed).running(at_work)
}

async fn settle(scene: &Scene, findings: &mut Findings) -> Result<Settled, NotDone> {
    step()
        .settle(
            &scene.context(),
            &[&attempt(11, "clone_environment")],
            findings,
        )
        .await
}

#[tokio::test]
async fn source_and_destination_are_named_and_the_incarnation_is_kept() {
    let mut scene = Scene::default();
    scene
        .platform
        .environments
        .expect_clone_environment()
        .withf(|_, _, from, to| *from == source() && *to == environment().short_domain)
        .times(1)
        .returning(|_, _, _, _| {
            MutationOutcome::Done(CreatedEnvironment {
                environment: copy(),
                node_passwords: BTreeMap::new(),
            })
        });
    let sent = step().send(&scene.context(), scene.ticket(id(11))).await;
    let output = Some(CreateOutput::of(&copy()));
    assert_eq!(sent, Sent::Done(output.clone()));
    let mut transaction = MockTransaction::default();
    transaction
        .environments
        .expect_update_environment()
        .withf(|written| written.platform_appid == Some(PlatformAppId("appid-1".to_owned())))
        .times(1)
        .returning(|_| Ok(()));
    step()
        .record(&scene.context(), &mut transaction, output.as_ref())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_lost_answer_leaves_it_in_doubt() {
    let mut scene = Scene::default();
    scene
        .platform
        .environments
        .expect_clone_environment()
        .returning(|_, _, _, _| MutationOutcome::MaybeApplied {
            reason: "connection reset".to_owned(),
            answer: None,
        });
    let sent = step().send(&scene.context(), scene.ticket(id(11))).await;
    assert!(matches!(sent, Sent::InDoubt { .. }));
}

#[tokio::test]
async fn what_stands_under_the_name_is_the_copy() {
    let scene = scene(vec![copy()], vec![]);
    let end = settle(&scene, &mut Findings::default()).await;
    assert_eq!(end, Ok(Settled::Done(Some(CreateOutput::of(&copy())))));
}

#[tokio::test]
async fn while_source_or_copy_are_worked_on_nothing_is_counted() {
    for name in [environment().short_domain, source()] {
        let busy = vec![action(None, Some(name.as_str()), None)];
        let scene = scene(vec![], busy);
        scene.clock.advance(scene.settings.absence_window * 10);
        let mut findings = Findings {
            misses: 2,
            ..Findings::default()
        };
        let end = settle(&scene, &mut findings).await;
        assert_eq!(end, Ok(Settled::Unknown));
        assert_eq!(findings.misses, 0);
    }
}

#[tokio::test]
async fn absence_is_proved_by_several_looks_over_time() {
    let scene = scene(vec![], vec![]);
    let mut findings = Findings::default();
    scene.clock.advance(scene.settings.answer_within_long);
    for _ in 0..2 {
        let end = settle(&scene, &mut findings).await;
        assert_eq!(end, Ok(Settled::Unknown));
    }
    scene.clock.advance(scene.settings.absence_window);
    let end = settle(&scene, &mut findings).await;
    assert_eq!(end, Ok(Settled::NotApplied));
}

async fn check(found: Option<ObservedEnvironment>) -> Result<(), Option<ErrorCode>> {
    let scene = Scene::default().observing(found);
    let check = CheckSource {
        short_domain: environment().short_domain,
        appid: PlatformAppId("appid-1".to_owned()),
    };
    match check.read(&scene.context()).await {
        Ok(_) => Ok(()),
        Err(NotDone::Failed(failure)) => Err(Some(failure.code)),
        Err(_) => Err(None),
    }
}

#[tokio::test]
async fn only_the_running_incarnation_that_was_meant_is_copied() {
    let in_state = |state| Some(ObservedEnvironment { state, ..copy() });
    assert_eq!(check(in_state(ObservedState::Running)).await, Ok(()));
    assert_eq!(check(in_state(ObservedState::Changing)).await, Err(None));
    let stands = Err(Some(ErrorCode::EnvironmentNotRunning));
    assert_eq!(check(in_state(ObservedState::Sleeping)).await, stands);
    let another = ObservedEnvironment {
        appid: PlatformAppId("appid-2".to_owned()),
        ..copy()
    };
    for gone in [None, Some(another)] {
        assert_eq!(check(gone).await, Err(Some(ErrorCode::EnvironmentBroken)));
    }
}
