use super::OfferOwnership;
use crate::UseCaseError;
use crate::sample::{
    Outbox, audited, commits, counter, demands, other_user_id, owner, owner_in_browser, refusal,
    role, team, team_changes, user_id, with_member, with_names,
};
use domain::access::{Permission, RoleKind};
use domain::ids::UserId;
use domain::ports::{MailMessage, MockTransaction};
use domain::team::OwnershipOffer;
use std::sync::Arc;

fn use_case(transactions: Vec<MockTransaction>) -> (OfferOwnership, Arc<Outbox>) {
    let outbox = Arc::new(Outbox::default());
    let use_case = OfferOwnership {
        changes: team_changes(transactions),
        mailer: outbox.clone(),
    };
    (use_case, outbox)
}

async fn offer(transaction: MockTransaction, to: UserId) -> Result<OwnershipOffer, UseCaseError> {
    let (use_case, _) = use_case(vec![transaction]);
    use_case.run(&owner_in_browser(true), team(), to).await
}

#[tokio::test]
async fn it_demands_its_permission_and_a_proof_before_anything() {
    demands(Permission::TeamTransfer, |actor, target| async move {
        let (use_case, _) = use_case(Vec::new());
        use_case.run(&actor, target.team_id, other_user_id()).await
    })
    .await;
    let (use_case, _) = use_case(Vec::new());
    let outcome = use_case.run(&owner(), team(), other_user_id()).await;
    assert_eq!(refusal(outcome), ("step-up-required", None));
}

#[tokio::test]
async fn it_is_offered_to_another_member_only() {
    let invalid = ("validation-failed", Some("/user_id"));
    let to_oneself = offer(MockTransaction::default(), user_id()).await;
    assert_eq!(refusal(to_oneself), invalid);
    let mut stranger = MockTransaction::default();
    stranger
        .memberships
        .expect_find_membership()
        .returning(|_, _| Ok(None));
    assert_eq!(refusal(offer(stranger, other_user_id()).await), invalid);
}

#[tokio::test]
async fn the_receiver_is_told_and_nothing_changes_hands() {
    let mut transaction = MockTransaction::default();
    with_member(&mut transaction, other_user_id(), role(RoleKind::Viewer));
    with_names(&mut transaction);
    transaction
        .teams
        .expect_put_ownership_offer()
        .withf(|offer| offer.from == user_id() && offer.to == other_user_id())
        .times(1)
        .returning(|_| Ok(()));
    let target = other_user_id().to_string();
    audited(&mut transaction, "ownership.offer", target);
    let counter = counter(&transaction);
    let (use_case, outbox) = use_case(vec![transaction]);
    let owner = owner_in_browser(true);
    let made = use_case.run(&owner, team(), other_user_id()).await;
    assert_eq!(made.unwrap().to, other_user_id());
    assert_eq!(commits(&counter), 1);
    assert_eq!(outbox.addresses(), ["bert@example.com"]);
    let mails = outbox.mails();
    assert!(matches!(
        &mails[0].message,
        MailMessage::OwnershipOffered { from, .. } if from.as_str() == "Anna"
    ));
}
