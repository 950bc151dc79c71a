use super::{InstallSoftware, Installable};
use crate::sample::{beginning, environment, environment_id, id, team};
use crate::workflows::payloads::{Findings, InstallOutput, encode_own};
use crate::workflows::scene::{ANSWER_WITHIN, Scene, action, attempt, intent};
use crate::workflows::step::{MutationStep, NotDone, Sent, Settled};
use domain::error_code::ErrorCode;
use domain::job::journal::StepAttempt;
use domain::names::NodeGroup;
use domain::ports::{
    EnvironmentDetails, InstalledOnPlatform, MockTransaction, MutationOutcome, PackageSpec,
    TrackedAction,
};
use domain::software::{Addon, Installation, PlatformUniqueName, Software};
use std::collections::BTreeMap;

fn addon() -> InstallSoftware {
    InstallSoftware(Installable::Addon(Addon::Sftp))
}

fn package() -> InstallSoftware {
    InstallSoftware(Installable::Package(PackageSpec {
        source: "https://example.com/wordpress.jps".to_owned(),
        node_group: Some(NodeGroup::parse("cp").unwrap()),
        settings: BTreeMap::new(),
    }))
}

fn names(names: &[&str]) -> Vec<PlatformUniqueName> {
    names
        .iter()
        .map(|name| PlatformUniqueName((*name).to_owned()))
        .collect()
}

/// An attempt before which `old` was installed.
fn installation() -> StepAttempt {
    StepAttempt {
        baseline: Some(encode_own(&intent(Some(&["old"])))),
        ..attempt(11, "install_sftp")
    }
}

fn output(unique_name: Option<&str>) -> Settled {
    Settled::Done(Some(encode_own(&InstallOutput {
        unique_name: unique_name.map(ToOwned::to_owned),
    })))
}

/// Nothing runs, this is installed, and the tracking knows this about the attempt.
fn scene(installed: &[&str], tracked: Vec<TrackedAction>) -> Scene {
    let mut scene = Scene::default().running(vec![]);
    let installed = names(installed);
    scene
        .platform
        .software
        .expect_list_installations()
        .returning(move |_, _| Ok(installed.clone()));
    scene
        .platform
        .tracking
        .expect_find_actions_of()
        .withf(|_, attempt, since| *attempt == id(11) && *since == beginning())
        .returning(move |_, _, _| Ok(tracked.clone()));
    scene
}

async fn settle_with(scene: &Scene, findings: &mut Findings) -> Result<Settled, NotDone> {
    addon()
        .settle(&scene.context(), &[&installation()], findings)
        .await
}

async fn settle(scene: &Scene) -> Result<Settled, NotDone> {
    settle_with(scene, &mut Findings::default()).await
}

fn is_attention<Value>(end: &Result<Value, NotDone>) -> bool {
    matches!(end, Err(NotDone::Attention { .. }))
}

/// This software is recorded in the environment.
fn recorded(mut scene: Scene, software: Software) -> Scene {
    scene
        .read_model
        .expect_find_environment()
        .withf(|asked_team, asked| *asked_team == team() && *asked == environment_id())
        .returning(move |_, _| {
            let installation = Installation {
                id: id(30),
                team_id: team(),
                environment_id: environment_id(),
                software: software.clone(),
                platform_unique_name: None,
                node_group: None,
                installed_at: beginning(),
            };
            Ok(Some(EnvironmentDetails {
                environment: environment(),
                nodes: Vec::new(),
                installations: vec![installation],
            }))
        });
    scene
}

#[tokio::test]
async fn an_addon_that_another_job_installed_meanwhile_is_not_installed_twice() {
    // No expectation on the platform: it is not even asked.
    let scene = recorded(Scene::default(), Software::Addon(Addon::Sftp));
    let end = addon().baseline(&scene.context()).await;
    let Err(NotDone::Failed(failure)) = end else {
        panic!("it is installed: {end:?}");
    };
    assert_eq!(failure.code, ErrorCode::AddonAlreadyInstalled);
}

#[tokio::test]
async fn an_addon_that_the_platform_does_not_offer_fails_before_any_intent() {
    let mut scene = recorded(Scene::default(), Software::Package);
    scene
        .platform
        .software
        .expect_is_addon_available()
        .withf(|_, _, asked| *asked == Addon::Sftp)
        .returning(|_, _, _| Ok(false));
    let end = addon().baseline(&scene.context()).await;
    let Err(NotDone::Failed(failure)) = end else {
        panic!("it cannot be installed: {end:?}");
    };
    assert_eq!(failure.code, ErrorCode::PlatformRefused);
    assert!(failure.detail.contains("sftp"), "{}", failure.detail);
}

#[tokio::test]
async fn what_is_installed_before_becomes_the_baseline() {
    let other = Software::Addon(Addon::LetsEncrypt);
    let mut scene = recorded(scene(&["old", "older"], vec![]), other);
    scene
        .platform
        .software
        .expect_is_addon_available()
        .times(1)
        .returning(|_, _, _| Ok(true));
    let expected = Some(vec!["old".to_owned(), "older".to_owned()]);
    // A package is not asked for among the add-ons.
    for step in [addon(), package()] {
        let before = step.baseline(&scene.context()).await.unwrap();
        assert_eq!(before.installed_before, expected);
    }
}

#[tokio::test]
async fn package_and_addon_each_make_their_own_call() {
    let installed = |name: &str| {
        MutationOutcome::Done(InstalledOnPlatform {
            unique_name: Some(PlatformUniqueName(name.to_owned())),
        })
    };
    let mut scene = Scene::default();
    scene
        .platform
        .software
        .expect_install_package()
        .withf(|_, _, _, package| package.source.ends_with("wordpress.jps"))
        .times(1)
        .returning(move |_, _, _, _| installed("jps-1"));
    scene
        .platform
        .software
        .expect_install_addon()
        .withf(|_, _, _, addon| *addon == Addon::Sftp)
        .times(1)
        .returning(move |_, _, _, _| installed("sftp-1"));
    let ticket = scene.ticket(id(11));
    for (step, name) in [(package(), "jps-1"), (addon(), "sftp-1")] {
        let expected = InstallOutput {
            unique_name: Some(name.to_owned()),
        };
        let sent = step.send(&scene.context(), ticket).await;
        assert_eq!(sent, Sent::Done(Some(encode_own(&expected))));
    }
}

#[tokio::test]
async fn exactly_one_new_name_is_ours() {
    let scene = scene(&["old", "new"], vec![]);
    assert_eq!(settle(&scene).await, Ok(output(Some("new"))));
}

#[tokio::test]
async fn of_two_new_names_nobody_knows_which_is_ours() {
    let scene = scene(&["old", "new", "newer"], vec![]);
    assert!(is_attention(&settle(&scene).await));
}

#[tokio::test]
async fn while_an_action_runs_nothing_is_adopted() {
    for running in [
        action(Some(id(11)), None, None),
        action(None, Some("shop-abc123"), None),
    ] {
        // No expectation on installations: it is too early to look.
        let scene = Scene::default().running(vec![running]);
        scene.clock.advance(10 * ANSWER_WITHIN);
        assert_eq!(settle(&scene).await, Ok(Settled::Unknown));
    }
}

#[tokio::test]
async fn an_action_of_another_environment_is_none_of_ours() {
    let mut scene = scene(&["old", "new"], vec![]);
    scene.platform.software.checkpoint();
    let others = vec![action(Some(id(999)), Some("other-abc123"), None)];
    let mut scene = scene.running(others);
    scene
        .platform
        .software
        .expect_list_installations()
        .returning(|_, _| Ok(names(&["old", "new"])));
    assert_eq!(settle(&scene).await, Ok(output(Some("new"))));
}

#[tokio::test]
async fn an_installation_that_ended_in_an_error_did_not_happen() {
    let failed = vec![action(Some(id(11)), None, Some(4_109))];
    let scene = scene(&["old"], failed);
    assert_eq!(settle(&scene).await, Ok(Settled::NotApplied));
}

#[tokio::test]
async fn an_installation_that_ended_well_but_stays_missing_needs_a_person() {
    let ended = vec![action(Some(id(11)), None, Some(0))];
    let scene = scene(&["old"], ended);
    let mut findings = Findings::default();
    // Lists may be late: no single look decides.
    assert_eq!(
        settle_with(&scene, &mut findings).await,
        Ok(Settled::Unknown)
    );
    scene.clock.advance(ANSWER_WITHIN);
    let settings = scene.context().settings;
    for _ in 0..settings.absence_misses {
        let end = settle_with(&scene, &mut findings).await;
        assert_eq!(end, Ok(Settled::Unknown));
    }
    scene.clock.advance(settings.absence_window);
    assert!(is_attention(&settle_with(&scene, &mut findings).await));
}

#[tokio::test]
async fn a_tracked_action_without_a_result_still_runs() {
    let running = vec![
        action(Some(id(11)), None, Some(4_109)),
        action(Some(id(11)), None, None),
    ];
    let scene = scene(&["old"], running);
    scene.clock.advance(10 * ANSWER_WITHIN);
    assert_eq!(settle(&scene).await, Ok(Settled::Unknown));
}

#[tokio::test]
async fn that_it_never_began_is_believed_only_when_no_answer_can_come_any_more() {
    let scene = scene(&["old"], vec![]);
    assert_eq!(settle(&scene).await, Ok(Settled::Unknown));
    let mut answered = Findings {
        result: Some(4_109),
        ..Findings::default()
    };
    assert_eq!(
        settle_with(&scene, &mut answered).await,
        Ok(Settled::NotApplied)
    );
    scene.clock.advance(ANSWER_WITHIN);
    assert_eq!(settle(&scene).await, Ok(Settled::NotApplied));
}

#[tokio::test]
async fn another_identity_cannot_tell_what_is_new() {
    let scene = Scene::default().with_another_identity();
    assert!(is_attention(&settle(&scene).await));
}

#[tokio::test]
async fn the_installation_is_written_down_with_the_platforms_name() {
    for (step, software, node_group) in [
        (package(), Software::Package, Some("cp")),
        (addon(), Software::Addon(Addon::Sftp), None),
    ] {
        let scene = Scene::default();
        let mut transaction = MockTransaction::default();
        transaction
            .environments
            .expect_insert_installation()
            .times(1)
            .withf(move |written| {
                written.software == software
                    && written.node_group.as_ref().map(NodeGroup::as_str) == node_group
                    && written.platform_unique_name == Some(PlatformUniqueName("new".to_owned()))
            })
            .returning(|_| Ok(()));
        let Settled::Done(output) = output(Some("new")) else {
            unreachable!("an output is an end");
        };
        step.record(&scene.context(), &mut transaction, output.as_ref())
            .await
            .unwrap();
    }
}
