use super::{RenameEnvironment, RenameEnvironmentCommand};
use crate::EnvironmentTarget;
use crate::sample::{acceptance, accepting, commits, demands, owner, target};
use domain::access::Permission;
use domain::job::JobKind;
use domain::names::DisplayName;
use domain::ports::{MockReadModel, MockTransaction};
use std::sync::Arc;

fn use_case(transactions: Vec<MockTransaction>, wakes: usize) -> RenameEnvironment {
    RenameEnvironment {
        acceptance: acceptance(transactions, MockReadModel::new(), wakes),
    }
}

fn command(target: EnvironmentTarget) -> RenameEnvironmentCommand {
    RenameEnvironmentCommand {
        target,
        display_name: DisplayName::parse("The shop").unwrap(),
    }
}

#[tokio::test]
async fn the_permission_is_demanded_before_any_store_is_touched() {
    demands(Permission::EnvironmentRename, |actor, target| async move {
        use_case(Vec::new(), 0).run(&actor, command(target)).await
    })
    .await;
}

#[tokio::test]
async fn a_change_is_accepted_as_a_job_in_one_transaction() {
    let transaction = accepting(JobKind::DisplayNameSet);
    let counter = Arc::clone(&transaction.commits);
    let accepted = use_case(vec![transaction], 1)
        .run(&owner(), command(target()))
        .await
        .unwrap();
    assert_eq!(accepted.job.payload.0, r#"{"display_name":"The shop"}"#);
    assert_eq!(commits(&counter), 1);
}
