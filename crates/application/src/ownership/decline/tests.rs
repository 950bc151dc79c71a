use super::DeclineOwnership;
use crate::UseCaseError;
use crate::sample::{
    audited, beginning, commits, counter, finding_rights, in_browser, other_user_id, owner,
    record_in_browser, refusal, role, team, team_changes, user_id,
};
use domain::access::RoleKind;
use domain::ids::UserId;
use domain::ports::MockTransaction;
use domain::team::OwnershipOffer;
use std::time::Duration;

fn use_case(transactions: Vec<MockTransaction>) -> DeclineOwnership {
    DeclineOwnership {
        changes: team_changes(transactions),
    }
}

fn offered(to: UserId, lives_for: Duration) -> MockTransaction {
    let mut transaction = finding_rights(record_in_browser(role(RoleKind::Viewer)));
    transaction
        .teams
        .expect_find_ownership_offer()
        .returning(move |_| {
            Ok(Some(OwnershipOffer {
                team_id: team(),
                from: other_user_id(),
                to,
                created_at: beginning(),
                expires_at: beginning().checked_add(lives_for).unwrap(),
            }))
        });
    transaction
}

async fn decline(transaction: MockTransaction) -> Result<(), UseCaseError> {
    let viewer = in_browser(&record_in_browser(role(RoleKind::Viewer)));
    use_case(vec![transaction]).run(&viewer, team()).await
}

#[tokio::test]
async fn only_the_receiver_of_a_living_offer_declines_it_in_person() {
    let outcome = use_case(Vec::new()).run(&owner(), team()).await;
    assert_eq!(refusal(outcome), ("browser-session-required", None));
    let second = Duration::from_secs(1);
    let to_another = offered(other_user_id(), second);
    let ended = offered(user_id(), Duration::ZERO);
    for transaction in [to_another, ended] {
        let outcome = decline(transaction).await;
        assert_eq!(refusal(outcome), ("no-ownership-offer", None));
    }
    let mut good = offered(user_id(), second);
    good.teams
        .expect_delete_ownership_offer()
        .times(1)
        .returning(|_| Ok(true));
    audited(&mut good, "ownership.decline", user_id().to_string());
    let counter = counter(&good);
    decline(good).await.unwrap();
    assert_eq!(commits(&counter), 1);
}
