use super::{ChangeDomains, ChangeDomainsCommand, DomainChange};
use crate::EnvironmentTarget;
use crate::sample::{acceptance, accepting, commits, demands, owner, target};
use domain::access::Permission;
use domain::job::JobKind;
use domain::names::ExternalDomain;
use domain::ports::{MockReadModel, MockTransaction};
use std::sync::Arc;

fn use_case(transactions: Vec<MockTransaction>, wakes: usize) -> ChangeDomains {
    ChangeDomains {
        acceptance: acceptance(transactions, MockReadModel::new(), wakes),
    }
}

fn command(target: EnvironmentTarget, change: DomainChange) -> ChangeDomainsCommand {
    ChangeDomainsCommand {
        target,
        domain: ExternalDomain::parse("shop.example.com").unwrap(),
        change,
    }
}

#[tokio::test]
async fn the_permission_is_demanded_before_any_store_is_touched() {
    demands(Permission::DomainManage, |actor, target| async move {
        let command = command(target, DomainChange::Bind);
        use_case(Vec::new(), 0).run(&actor, command).await
    })
    .await;
}

#[tokio::test]
async fn each_change_is_accepted_as_a_job_in_one_transaction() {
    for (change, kind) in [
        (DomainChange::Bind, JobKind::DomainBind),
        (DomainChange::Unbind, JobKind::DomainUnbind),
    ] {
        let transaction = accepting(kind);
        let counter = Arc::clone(&transaction.commits);
        let accepted = use_case(vec![transaction], 1)
            .run(&owner(), command(target(), change))
            .await
            .unwrap();
        assert!(accepted.job.payload.0.contains("shop.example.com"));
        assert_eq!(commits(&counter), 1);
    }
}
