use super::RunScript;
use crate::sample::{acceptance, accepting, commits, demands, owner, target};
use domain::access::Permission;
use domain::job::JobKind;
use domain::names::ScriptName;
use domain::ports::{MockReadModel, MockTransaction};
use std::sync::Arc;

fn use_case(transactions: Vec<MockTransaction>, wakes: usize) -> RunScript {
    RunScript {
        acceptance: acceptance(transactions, MockReadModel::new(), wakes),
    }
}

fn script() -> ScriptName {
    ScriptName::parse("warm-up").unwrap()
}

#[tokio::test]
async fn the_permission_is_demanded_before_any_store_is_touched() {
    demands(Permission::ScriptRun, |actor, target| async move {
        use_case(Vec::new(), 0).run(&actor, target, &script()).await
    })
    .await;
}

#[tokio::test]
async fn a_script_is_accepted_as_a_job_in_one_transaction() {
    let transaction = accepting(JobKind::ScriptRun);
    let counter = Arc::clone(&transaction.commits);
    let accepted = use_case(vec![transaction], 1)
        .run(&owner(), target(), &script())
        .await
        .unwrap();
    assert_eq!(accepted.job.payload.0, r#"{"script":"warm-up"}"#);
    assert_eq!(commits(&counter), 1);
}
