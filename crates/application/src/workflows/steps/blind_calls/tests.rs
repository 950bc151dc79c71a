use super::{CreateBackup, Redeploy, Restart, RestoreBackup, RunMbadminAction, RunScript};
use crate::sample::id;
use crate::workflows::scene::Scene;
use crate::workflows::steps::BlindCall;
use domain::names::{NodeGroup, ParameterName, ScriptName, SnapshotName, StackVersion};
use domain::ports::{MutationOutcome, NodeTarget, RedeploySpec};
use domain::software::{MbadminAction, PlatformUniqueName};

fn layer() -> NodeTarget {
    NodeTarget::Layer(NodeGroup::parse("cp").unwrap())
}

fn action(text: &str, parameters: &[(&str, &str)]) -> RunMbadminAction {
    RunMbadminAction {
        installation: PlatformUniqueName("mb-1".to_owned()),
        action: MbadminAction::parse(text).unwrap(),
        parameters: parameters
            .iter()
            .map(|(name, value)| (ParameterName::parse(name).unwrap(), (*value).to_owned()))
            .collect(),
    }
}

async fn makes_its_call(call: &dyn BlindCall, scene: &Scene) {
    let outcome = call.call(&scene.context(), scene.ticket(id(11))).await;
    assert_eq!(outcome, MutationOutcome::Done(()));
}

#[tokio::test]
async fn services_and_containers_are_restarted_by_different_calls() {
    let mut scene = Scene::default();
    let platform = &mut scene.platform.life_cycle;
    platform
        .expect_restart_services()
        .withf(|_, _, _, target| *target == layer())
        .times(1)
        .returning(|_, _, _, _| MutationOutcome::Done(()));
    platform
        .expect_restart_nodes()
        .withf(|_, _, _, target| *target == layer())
        .times(1)
        .returning(|_, _, _, _| MutationOutcome::Done(()));
    for is_of_containers in [false, true] {
        let call = Restart {
            target: layer(),
            is_of_containers,
        };
        assert_eq!(call.harmless_to_repeat(), None);
        makes_its_call(&call, &scene).await;
    }
}

#[tokio::test]
async fn redeployments_and_scripts_are_never_harmless() {
    let mut scene = Scene::default();
    scene
        .platform
        .life_cycle
        .expect_redeploy()
        .withf(|_, _, _, target, spec| *target == layer() && spec.keeps_volumes)
        .times(1)
        .returning(|_, _, _, _, _| MutationOutcome::Done(()));
    scene
        .platform
        .commands
        .expect_run_stored_script()
        .withf(|_, _, _, script| script.as_str() == "warm-up")
        .times(1)
        .returning(|_, _, _, _| MutationOutcome::Done(()));
    let redeploy = Redeploy {
        target: layer(),
        spec: RedeploySpec {
            version: StackVersion::parse("8.3").unwrap(),
            keeps_volumes: true,
        },
    };
    let script = RunScript(ScriptName::parse("warm-up").unwrap());
    for call in [&redeploy as &dyn BlindCall, &script] {
        assert_eq!(call.harmless_to_repeat(), None);
        makes_its_call(call, &scene).await;
    }
}

#[tokio::test]
async fn actions_go_with_their_parameters_or_without() {
    let mut scene = Scene::default();
    let platform = &mut scene.platform.software;
    platform
        .expect_run_mbadmin_action()
        .withf(|_, _, installation, _| installation.0 == "mb-1")
        .times(1)
        .returning(|_, _, _, _| MutationOutcome::Done(()));
    platform
        .expect_run_mbadmin_action_with_parameters()
        .withf(|_, _, _, _, parameters| parameters[0].1 == "256")
        .times(1)
        .returning(|_, _, _, _, _| MutationOutcome::Done(()));
    makes_its_call(&action("redis.flush", &[]), &scene).await;
    makes_its_call(&action("redis.configure", &[("memory", "256")]), &scene).await;
}

#[tokio::test]
async fn backups_are_made_and_brought_back_by_their_installation_and_never_harmless() {
    let mut scene = Scene::default();
    let platform = &mut scene.platform.software;
    platform
        .expect_create_backup()
        .withf(|_, _, installation| installation.0 == "bk-1")
        .times(1)
        .returning(|_, _, _| MutationOutcome::Done(()));
    platform
        .expect_restore_backup()
        .withf(|_, _, installation, snapshot| {
            installation.0 == "bk-1" && snapshot.as_str() == "2026-11-27_0100"
        })
        .times(1)
        .returning(|_, _, _, _| MutationOutcome::Done(()));
    let installation = || PlatformUniqueName("bk-1".to_owned());
    let create = CreateBackup {
        installation: installation(),
    };
    let restore = RestoreBackup {
        installation: installation(),
        snapshot: SnapshotName::parse("2026-11-27_0100").unwrap(),
    };
    for call in [&create as &dyn BlindCall, &restore] {
        assert_eq!(call.harmless_to_repeat(), None);
        makes_its_call(call, &scene).await;
    }
}

#[test]
fn only_actions_that_set_or_empty_are_harmless_to_repeat() {
    for (text, is_harmless) in [
        ("redis.enable", true),
        ("relay.disable", true),
        ("opcache.flush", true),
        ("redis.configure", false),
    ] {
        let excuse = action(text, &[]).harmless_to_repeat();
        assert_eq!(excuse.is_some(), is_harmless, "{text}");
    }
}
