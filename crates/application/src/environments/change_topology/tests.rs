use super::{ChangeTopology, ChangeTopologyCommand, SetCloudlets, SetCloudletsCommand};
use crate::EnvironmentTarget;
use crate::sample::{
    acceptance, accepting, commits, demands, id, node_id, owner, showing_layers, target,
};
use domain::access::Permission;
use domain::error_code::ErrorCode;
use domain::job::JobKind;
use domain::names::NodeGroup;
use domain::ports::{Cloudlets, LayerSpec, MockReadModel, MockTransaction};
use std::sync::Arc;

fn layer(node_group: &str) -> LayerSpec {
    LayerSpec {
        node_group: NodeGroup::parse(node_group).unwrap(),
        stack: "nginxphp".to_owned(),
        version: None,
        count: 1,
        cloudlets_reserved: 1,
        cloudlets_limit: 8,
        disk_limit_gb: None,
    }
}

fn topology(transactions: Vec<MockTransaction>, wakes: usize) -> ChangeTopology {
    ChangeTopology {
        acceptance: acceptance(transactions, MockReadModel::new(), wakes),
    }
}

fn cloudlets(transactions: Vec<MockTransaction>, wakes: usize) -> SetCloudlets {
    SetCloudlets {
        acceptance: acceptance(transactions, showing_layers(&["cp"]), wakes),
    }
}

fn size(target: EnvironmentTarget, reserved: u16, limit: u16) -> SetCloudletsCommand {
    SetCloudletsCommand {
        target,
        node: node_id(),
        cloudlets: Cloudlets { reserved, limit },
    }
}

#[tokio::test]
async fn the_permission_is_demanded_before_any_store_is_touched() {
    demands(Permission::TopologyManage, |actor, target| async move {
        let layers = vec![layer("cp")];
        let command = ChangeTopologyCommand { target, layers };
        topology(Vec::new(), 0).run(&actor, command).await
    })
    .await;
    demands(Permission::TopologyManage, |actor, target| async move {
        let command = size(target, 1, 8);
        cloudlets(Vec::new(), 0).run(&actor, command).await
    })
    .await;
}

#[tokio::test]
async fn layers_that_cannot_be_are_refused_at_the_door() {
    let none = LayerSpec {
        count: 0,
        ..layer("cp")
    };
    let greedy = LayerSpec {
        cloudlets_reserved: 9,
        ..layer("cp")
    };
    for layers in [
        vec![],
        vec![layer("cp"), layer("cp")],
        vec![none],
        vec![greedy],
    ] {
        let command = ChangeTopologyCommand {
            target: target(),
            layers,
        };
        let error = topology(Vec::new(), 0).run(&owner(), command).await;
        let error = error.unwrap_err();
        assert_eq!(error.code(), ErrorCode::ValidationFailed);
        assert_eq!(error.pointer(), Some("/layers"));
    }
}

#[tokio::test]
async fn layers_are_accepted_as_a_job_in_one_transaction() {
    let transaction = accepting(JobKind::TopologyChange);
    let counter = Arc::clone(&transaction.commits);
    let command = ChangeTopologyCommand {
        target: target(),
        layers: vec![layer("cp"), layer("sqldb")],
    };
    let accepted = topology(vec![transaction], 1).run(&owner(), command).await;
    assert!(accepted.unwrap().job.payload.0.contains("sqldb"));
    assert_eq!(commits(&counter), 1);
}

#[tokio::test]
async fn a_size_is_set_on_a_node_that_is_known() {
    let transaction = accepting(JobKind::CloudletsSet);
    let counter = Arc::clone(&transaction.commits);
    let accepted = cloudlets(vec![transaction], 1)
        .run(&owner(), size(target(), 1, 8))
        .await
        .unwrap();
    let expected = r#"{"node":1,"reserved":1,"limit":8}"#;
    assert_eq!(accepted.job.payload.0, expected);
    assert_eq!(commits(&counter), 1);
    let error = cloudlets(Vec::new(), 0)
        .run(&owner(), size(target(), 9, 8))
        .await;
    assert_eq!(error.unwrap_err().code(), ErrorCode::ValidationFailed);
    let unknown = SetCloudletsCommand {
        node: id(99),
        ..size(target(), 1, 8)
    };
    let error = cloudlets(Vec::new(), 0).run(&owner(), unknown).await;
    assert_eq!(error.unwrap_err().code(), ErrorCode::NodeNotFound);
}
