use super::WithdrawOwnershipOffer;
use crate::sample::{audited, commits, counter, demands, owner, refusal, team, team_changes};
use domain::access::Permission;
use domain::ports::MockTransaction;

fn use_case(transactions: Vec<MockTransaction>) -> WithdrawOwnershipOffer {
    WithdrawOwnershipOffer {
        changes: team_changes(transactions),
    }
}

fn withdrawing(is_there: bool) -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction
        .teams
        .expect_delete_ownership_offer()
        .withf(|asked| *asked == team())
        .times(1)
        .returning(move |_| Ok(is_there));
    transaction
}

#[tokio::test]
async fn it_demands_its_permission_before_anything() {
    demands(Permission::TeamTransfer, |actor, target| async move {
        use_case(Vec::new()).run(&actor, target.team_id).await
    })
    .await;
}

#[tokio::test]
async fn an_offer_is_taken_back_once() {
    let mut transaction = withdrawing(true);
    audited(&mut transaction, "ownership.withdraw", team().to_string());
    let counter = counter(&transaction);
    let use_case = use_case(vec![transaction, withdrawing(false)]);
    use_case.run(&owner(), team()).await.unwrap();
    assert_eq!(commits(&counter), 1);
    let again = use_case.run(&owner(), team()).await;
    assert_eq!(refusal(again), ("not-found", None));
}
