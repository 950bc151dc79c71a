use super::{ListVariables, ListedVariable};
use crate::sample::{
    HandClock, account, actor, audited, commits, counter, demands, environment_id, node_id, owner,
    read_budget, refusal, showing_layers, team, team_changes,
};
use crate::{LiveReads, UseCaseError};
use domain::SecretText;
use domain::access::Permission;
use domain::ports::{MockHostingPlatform, MockTransaction, StoreError};
use std::sync::Arc;

fn use_case(transactions: Vec<MockTransaction>) -> ListVariables {
    let mut platform = MockHostingPlatform::default();
    let read = platform.variables.expect_read_variables();
    read.returning(|_, _, _| {
        let of = |name: &str, value: &str| (name.to_owned(), SecretText::new(value.to_owned()));
        Ok([of("PATH", "/bin"), of("API_KEY", "canary")].into())
    });
    let mut read_model = showing_layers(&["cp"]);
    read_model
        .expect_find_platform_account()
        .returning(|_| Ok(Some(account())));
    ListVariables {
        reads: Arc::new(LiveReads::new(
            Arc::new(platform),
            Arc::new(read_model),
            Arc::new(HandClock::default()),
            read_budget(),
        )),
        changes: team_changes(transactions),
    }
}

fn place() -> (
    domain::ids::TeamId,
    domain::ids::EnvironmentId,
    domain::ids::NodeId,
) {
    (team(), environment_id(), node_id())
}

fn texts(listed: Result<Vec<ListedVariable>, UseCaseError>) -> Vec<(String, Option<String>)> {
    let listed = listed.expect("listed");
    let text = |it: ListedVariable| (it.name, it.value.map(|value| value.expose().to_owned()));
    listed.into_iter().map(text).collect()
}

#[tokio::test]
async fn names_are_shown_without_values_unless_they_are_asked_for() {
    let listed = use_case(Vec::new()).run(&owner(), place(), false).await;
    let hidden = |name: &str| (name.to_owned(), None);
    assert_eq!(texts(listed), [hidden("API_KEY"), hidden("PATH")]);
    demands(Permission::EnvironmentView, |actor, target| async move {
        let place = (target.team_id, target.environment_id, node_id());
        let listed = use_case(Vec::new()).run(&actor, place, false).await;
        listed.map(drop)
    })
    .await;
}

#[tokio::test]
async fn values_need_a_permission_and_leave_a_line_in_the_trail() {
    let seeing = actor(&[Permission::EnvironmentView]);
    let refused = use_case(Vec::new()).run(&seeing, place(), true).await;
    assert_eq!(refusal(refused.map(drop)), ("permission-denied", None));
    let mut transaction = MockTransaction::default();
    audited(
        &mut transaction,
        "variables.view_values",
        node_id().to_string(),
    );
    let counter = counter(&transaction);
    let listed = use_case(vec![transaction])
        .run(&owner(), place(), true)
        .await;
    let shown = |name: &str, value: &str| (name.to_owned(), Some(value.to_owned()));
    let expected = [shown("API_KEY", "canary"), shown("PATH", "/bin")];
    assert_eq!(texts(listed), expected);
    assert_eq!(commits(&counter), 1);
}

#[tokio::test]
async fn without_its_line_in_the_trail_nothing_is_read() {
    let mut transaction = MockTransaction::default();
    let appended = transaction.audit.expect_append_audit_event();
    appended.returning(|_| Err(StoreError::Busy));
    let refused = use_case(vec![transaction])
        .run(&owner(), place(), true)
        .await;
    assert_eq!(
        refusal(refused.map(drop)),
        ("temporarily-unavailable", None)
    );
}
