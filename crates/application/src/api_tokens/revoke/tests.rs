use super::RevokeApiToken;
use crate::sample::{
    audited, beginning, commits, counter, demands, finding_scopes, owner, refusal, team,
    team_changes, token_id,
};
use domain::access::Permission;
use domain::ports::MockTransaction;

fn use_case(transactions: Vec<MockTransaction>) -> RevokeApiToken {
    RevokeApiToken {
        changes: team_changes(transactions),
    }
}

fn revoking(mut transaction: MockTransaction, is_live: bool) -> MockTransaction {
    transaction
        .api_tokens
        .expect_revoke_api_token()
        .withf(|asked, token, at| *asked == team() && *token == token_id() && *at == beginning())
        .times(1)
        .returning(move |_, _, _| Ok(is_live));
    transaction
}

#[tokio::test]
async fn it_demands_its_permission_before_anything() {
    demands(Permission::TokenManage, |actor, target| async move {
        let use_case = use_case(Vec::new());
        use_case.run(&actor, target.team_id, token_id()).await
    })
    .await;
}

#[tokio::test]
async fn whoever_manages_tokens_stops_any_of_them_once() {
    let poor = finding_scopes(&[Permission::TokenManage]);
    let mut transaction = revoking(poor, true);
    audited(&mut transaction, "token.revoke", token_id().to_string());
    let counter = counter(&transaction);
    let again = revoking(MockTransaction::default(), false);
    let use_case = use_case(vec![transaction, again]);
    use_case.run(&owner(), team(), token_id()).await.unwrap();
    assert_eq!(commits(&counter), 1);
    let again = use_case.run(&owner(), team(), token_id()).await;
    assert_eq!(refusal(again), ("not-found", None));
}
