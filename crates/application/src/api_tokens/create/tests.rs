use super::{CreateApiToken, CreateApiTokenCommand, NewApiToken};
use crate::UseCaseError;
use crate::sample::{
    actor, beginning, commits, counter, demands, finding_scopes, owner, owner_in_browser, refusal,
    team, team_changes, token_hash, token_hasher, user_id,
};
use domain::access::{Actor, Permission, PermissionSet};
use domain::limits;
use domain::names::TokenLabel;
use domain::ports::MockTransaction;
use jiff::Timestamp;
use std::time::Duration;

fn use_case(transactions: Vec<MockTransaction>) -> CreateApiToken {
    CreateApiToken {
        changes: team_changes(transactions),
        token_hasher: token_hasher(),
    }
}

fn after(duration: Duration) -> Timestamp {
    beginning().checked_add(duration).unwrap()
}

fn command(scopes: &[Permission]) -> CreateApiTokenCommand {
    CreateApiTokenCommand {
        team_id: team(),
        label: TokenLabel::parse("deployment").unwrap(),
        scopes: scopes.iter().copied().collect(),
        expires_at: after(limits::API_TOKEN_LIFETIME_MAX),
        allowed_networks: Vec::new(),
    }
}

async fn create(
    actor: &Actor,
    command: CreateApiTokenCommand,
    transactions: Vec<MockTransaction>,
) -> Result<NewApiToken, UseCaseError> {
    use_case(transactions).run(actor, command).await
}

fn storing(live: i64) -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction
        .api_tokens
        .expect_count_live_api_tokens()
        .returning(move |_, _| Ok(live));
    transaction
        .api_tokens
        .expect_insert_api_token()
        .withf(|token| token.hash == token_hash() && token.user_id == user_id())
        .returning(|_| Ok(()));
    transaction
        .audit
        .expect_append_audit_event()
        .withf(|event| event.action == "token.create" && event.target.starts_with("tok_"))
        .returning(|_| Ok(()));
    transaction
}

#[tokio::test]
async fn it_demands_its_permission_before_anything() {
    demands(Permission::TokenManage, |actor, target| async move {
        let command = CreateApiTokenCommand {
            team_id: target.team_id,
            ..command(&[])
        };
        let made = create(&actor, command, Vec::new()).await;
        made.map(|_| ())
    })
    .await;
}

#[tokio::test]
async fn scopes_are_some_and_within_the_callers_own_even_when_those_shrink() {
    let none = create(&owner(), command(&[]), Vec::new()).await;
    assert_eq!(refusal(none), ("validation-failed", Some("/scopes")));
    let beyond = ("rights-exceeded", Some("/scopes"));
    let poorer = actor(&[Permission::TokenManage]);
    let wanted = command(&[Permission::JobView]);
    let outcome = create(&poorer, wanted.clone(), Vec::new()).await;
    assert_eq!(refusal(outcome), beyond);
    let shrunk = finding_scopes(&[Permission::TokenManage]);
    let outcome = create(&owner(), wanted, vec![shrunk]).await;
    assert_eq!(refusal(outcome), beyond);
}

#[tokio::test]
async fn a_token_ends_in_the_future_but_not_too_late() {
    let late = after(limits::API_TOKEN_LIFETIME_MAX + Duration::from_secs(1));
    for expires_at in [beginning(), late] {
        let command = CreateApiTokenCommand {
            expires_at,
            ..command(&[Permission::JobView])
        };
        let outcome = create(&owner(), command, Vec::new()).await;
        let at = Some("/expires_at");
        assert_eq!(refusal(outcome), ("validation-failed", at));
    }
    let mut many = command(&[Permission::JobView]);
    let network = "192.0.2.0/24".parse().unwrap();
    many.allowed_networks = vec![network; limits::API_TOKEN_NETWORKS_MAX + 1];
    let outcome = create(&owner(), many, Vec::new()).await;
    let at = Some("/allowed_networks");
    assert_eq!(refusal(outcome), ("validation-failed", at));
}

#[tokio::test]
async fn what_is_the_owners_alone_asks_for_a_proof_who_they_are() {
    let wanted = command(&[Permission::AddonInstall]);
    let outcome = create(&owner(), wanted.clone(), Vec::new()).await;
    assert_eq!(refusal(outcome), ("step-up-required", None));
    let made = create(&owner_in_browser(false), wanted, vec![storing(0)]).await;
    assert_eq!(refusal(made), ("", None));
}

#[tokio::test]
async fn there_are_not_more_tokens_than_may_be() {
    let full = storing(limits::API_TOKENS_MAX);
    let counter = counter(&full);
    let outcome = create(&owner(), command(&[Permission::JobView]), vec![full]).await;
    assert_eq!(refusal(outcome), ("limit-reached", None));
    assert_eq!(commits(&counter), 0);
}

#[tokio::test]
async fn the_token_is_told_once_and_stored_as_its_hash() {
    let transaction = storing(limits::API_TOKENS_MAX - 1);
    let counter = counter(&transaction);
    let wanted = command(&[Permission::JobView]);
    let made = create(&owner(), wanted, vec![transaction]).await;
    let made = made.ok().unwrap();
    assert_eq!(made.secret.expose(), "wdl_api_new");
    let scopes: PermissionSet = [Permission::JobView].into_iter().collect();
    assert_eq!(made.token.scopes, scopes);
    assert_eq!(commits(&counter), 1);
}
