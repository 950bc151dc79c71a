use super::{
    EnvironmentPart, RedeployEnvironment, RedeployEnvironmentCommand, RestartEnvironment,
    RestartEnvironmentCommand,
};
use crate::EnvironmentTarget;
use crate::sample::{
    acceptance, accepting, commits, demands, id, node_id, owner, showing_layers, target,
};
use domain::access::Permission;
use domain::error_code::ErrorCode;
use domain::job::JobKind;
use domain::names::{NodeGroup, StackVersion};
use domain::ports::{MockTransaction, RedeploySpec};
use std::sync::Arc;

fn restart(transactions: Vec<MockTransaction>, wakes: usize) -> RestartEnvironment {
    RestartEnvironment {
        acceptance: acceptance(transactions, showing_layers(&["sqldb", "cp", "cp"]), wakes),
    }
}

fn redeploy(transactions: Vec<MockTransaction>, wakes: usize) -> RedeployEnvironment {
    RedeployEnvironment {
        acceptance: acceptance(transactions, showing_layers(&["cp"]), wakes),
    }
}

fn restarting(
    target: EnvironmentTarget,
    part: Option<EnvironmentPart>,
) -> RestartEnvironmentCommand {
    RestartEnvironmentCommand {
        target,
        part,
        is_of_containers: false,
    }
}

fn redeploying(target: EnvironmentTarget) -> RedeployEnvironmentCommand {
    RedeployEnvironmentCommand {
        target,
        part: layer("cp"),
        spec: RedeploySpec {
            version: StackVersion::parse("8.3").unwrap(),
            keeps_volumes: true,
        },
    }
}

fn layer(name: &str) -> EnvironmentPart {
    EnvironmentPart::Layer(NodeGroup::parse(name).unwrap())
}

#[tokio::test]
async fn the_permission_is_demanded_before_any_store_is_touched() {
    demands(Permission::EnvironmentRestart, |actor, target| async move {
        let command = restarting(target, None);
        restart(Vec::new(), 0).run(&actor, command).await
    })
    .await;
    demands(
        Permission::EnvironmentRedeploy,
        |actor, target| async move {
            redeploy(Vec::new(), 0)
                .run(&actor, redeploying(target))
                .await
        },
    )
    .await;
}

#[tokio::test]
async fn a_whole_environment_is_restarted_layer_by_layer() {
    for (part, expected) in [
        (None, r#""targets":[{"layer":"cp"},{"layer":"sqldb"}]"#),
        (Some(layer("cp")), r#""targets":[{"layer":"cp"}]"#),
        (
            Some(EnvironmentPart::Node(node_id())),
            r#""targets":[{"node":1}]"#,
        ),
    ] {
        let transaction = accepting(JobKind::EnvironmentRestart);
        let counter = Arc::clone(&transaction.commits);
        let accepted = restart(vec![transaction], 1)
            .run(&owner(), restarting(target(), part))
            .await
            .unwrap();
        let payload = accepted.job.payload.0;
        assert!(payload.contains(expected), "{payload}");
        assert_eq!(commits(&counter), 1);
    }
}

#[tokio::test]
async fn parts_that_are_not_known_are_not_guessed() {
    for part in [layer("bl"), EnvironmentPart::Node(id(99))] {
        let error = restart(Vec::new(), 0)
            .run(&owner(), restarting(target(), Some(part)))
            .await;
        assert_eq!(error.unwrap_err().code(), ErrorCode::NodeNotFound);
    }
}

#[tokio::test]
async fn a_redeployment_is_accepted_with_its_version() {
    let transaction = accepting(JobKind::EnvironmentRedeploy);
    let accepted = redeploy(vec![transaction], 1)
        .run(&owner(), redeploying(target()))
        .await
        .unwrap();
    assert!(accepted.job.payload.0.contains(r#""version":"8.3""#));
}
