use super::{ChangeGroups, ChangeGroupsCommand, GroupChange};
use crate::EnvironmentTarget;
use crate::sample::{acceptance, accepting, commits, demands, owner, target};
use domain::access::Permission;
use domain::job::JobKind;
use domain::names::GroupName;
use domain::ports::{MockReadModel, MockTransaction};
use std::sync::Arc;

fn use_case(transactions: Vec<MockTransaction>, wakes: usize) -> ChangeGroups {
    ChangeGroups {
        acceptance: acceptance(transactions, MockReadModel::new(), wakes),
    }
}

fn command(target: EnvironmentTarget, change: GroupChange) -> ChangeGroupsCommand {
    ChangeGroupsCommand {
        target,
        group: GroupName::parse("clients/acme").unwrap(),
        change,
    }
}

#[tokio::test]
async fn the_permission_is_demanded_before_any_store_is_touched() {
    demands(Permission::GroupManage, |actor, target| async move {
        let command = command(target, GroupChange::Attach);
        use_case(Vec::new(), 0).run(&actor, command).await
    })
    .await;
}

#[tokio::test]
async fn each_change_is_accepted_as_a_job_in_one_transaction() {
    for (change, kind) in [
        (GroupChange::Attach, JobKind::GroupAttach),
        (GroupChange::Detach, JobKind::GroupDetach),
        (GroupChange::Set, JobKind::GroupSet),
    ] {
        let transaction = accepting(kind);
        let counter = Arc::clone(&transaction.commits);
        let accepted = use_case(vec![transaction], 1)
            .run(&owner(), command(target(), change))
            .await
            .unwrap();
        assert_eq!(accepted.job.payload.0, r#"{"group":"clients/acme"}"#);
        assert_eq!(commits(&counter), 1);
    }
}
