use super::{ChangeMounts, ChangeMountsCommand, MountSource};
use crate::EnvironmentTarget;
use crate::sample::{
    acceptance, accepting, commits, demands, environment_id, id, node_id, owner, showing_layers,
    target,
};
use domain::access::Permission;
use domain::error_code::ErrorCode;
use domain::job::JobKind;
use domain::names::FolderPath;
use domain::ports::MockTransaction;
use std::sync::Arc;

fn use_case(transactions: Vec<MockTransaction>, wakes: usize) -> ChangeMounts {
    let read_model = showing_layers(&["cp", "storage"]);
    ChangeMounts {
        acceptance: acceptance(transactions, read_model, wakes),
    }
}

fn removing(target: EnvironmentTarget) -> ChangeMountsCommand {
    ChangeMountsCommand {
        target,
        node: node_id(),
        path: FolderPath::parse("/data").unwrap(),
        source: None,
    }
}

fn adding(source_node: u128) -> ChangeMountsCommand {
    ChangeMountsCommand {
        source: Some(MountSource {
            environment_id: environment_id(),
            node: id(source_node),
            path: FolderPath::parse("/export").unwrap(),
            name: None,
            is_read_only: true,
        }),
        ..removing(target())
    }
}

#[tokio::test]
async fn the_permission_is_demanded_before_any_store_is_touched() {
    demands(Permission::MountManage, |actor, target| async move {
        use_case(Vec::new(), 0).run(&actor, removing(target)).await
    })
    .await;
}

#[tokio::test]
async fn nodes_go_into_the_job_by_the_platforms_number() {
    for (kind, command, expected) in [
        (
            JobKind::MountAdd,
            adding(21),
            r#""node":2,"path":"/export""#,
        ),
        (JobKind::MountRemove, removing(target()), r#""source":null"#),
    ] {
        let transaction = accepting(kind);
        let counter = Arc::clone(&transaction.commits);
        let accepted = use_case(vec![transaction], 1)
            .run(&owner(), command)
            .await
            .unwrap();
        let payload = &accepted.job.payload.0;
        assert!(payload.starts_with(r#"{"node":1,"#), "{payload}");
        assert!(payload.contains(expected), "{payload}");
        assert_eq!(commits(&counter), 1);
    }
}

#[tokio::test]
async fn a_node_that_is_not_known_is_not_guessed() {
    let error = use_case(Vec::new(), 0).run(&owner(), adding(99)).await;
    assert_eq!(error.unwrap_err().code(), ErrorCode::NodeNotFound);
}
