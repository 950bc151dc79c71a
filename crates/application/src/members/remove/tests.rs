use super::RemoveMember;
use crate::UseCaseError;
use crate::sample::{
    audited, beginning, commits, counter, demands, finding_scopes, other_user_id, owner, refusal,
    role, team, team_changes, user_id, with_member,
};
use domain::access::{Permission, RoleKind};
use domain::ports::MockTransaction;
use domain::team::OwnershipOffer;

fn use_case(transactions: Vec<MockTransaction>) -> RemoveMember {
    RemoveMember {
        changes: team_changes(transactions),
    }
}

async fn remove(transaction: MockTransaction) -> Result<(), UseCaseError> {
    let use_case = use_case(vec![transaction]);
    use_case.run(&owner(), team(), other_user_id()).await
}

fn removing(offered_to: domain::ids::UserId) -> MockTransaction {
    let mut transaction = MockTransaction::default();
    with_member(&mut transaction, other_user_id(), role(RoleKind::Viewer));
    transaction
        .memberships
        .expect_delete_membership()
        .withf(|asked, user| *asked == team() && *user == other_user_id())
        .times(1)
        .returning(|_, _| Ok(true));
    transaction
        .teams
        .expect_find_ownership_offer()
        .returning(move |_| {
            Ok(Some(OwnershipOffer {
                team_id: team(),
                from: user_id(),
                to: offered_to,
                created_at: beginning(),
                expires_at: beginning(),
            }))
        });
    audited(
        &mut transaction,
        "member.remove",
        other_user_id().to_string(),
    );
    transaction
}

#[tokio::test]
async fn it_demands_its_permission_before_anything() {
    demands(Permission::MemberManage, |actor, target| async move {
        let use_case = use_case(Vec::new());
        use_case.run(&actor, target.team_id, other_user_id()).await
    })
    .await;
}

#[tokio::test]
async fn the_owner_stays_and_so_does_who_stands_above() {
    let mut fixed = MockTransaction::default();
    with_member(&mut fixed, other_user_id(), role(RoleKind::Owner));
    assert_eq!(refusal(remove(fixed).await), ("owner-is-fixed", None));
    let mut above = finding_scopes(&[Permission::MemberManage, Permission::TeamView]);
    with_member(&mut above, other_user_id(), role(RoleKind::Viewer));
    assert_eq!(refusal(remove(above).await), ("rights-exceeded", None));
    let mut stranger = MockTransaction::default();
    stranger
        .memberships
        .expect_find_membership()
        .returning(|_, _| Ok(None));
    assert_eq!(refusal(remove(stranger).await), ("not-found", None));
}

#[tokio::test]
async fn with_a_member_goes_what_was_offered_to_them() {
    let mut transaction = removing(other_user_id());
    transaction
        .teams
        .expect_delete_ownership_offer()
        .times(1)
        .returning(|_| Ok(true));
    let counter = counter(&transaction);
    remove(transaction).await.unwrap();
    assert_eq!(commits(&counter), 1);
    // An offer to somebody else stays: deleting it would panic.
    remove(removing(user_id())).await.unwrap();
}
