use super::LeaveTeam;
use crate::UseCaseError;
use crate::sample::{
    actor, audited, commits, counter, finding_rights, foreign_team, in_browser, owner,
    record_in_browser, refusal, role, team, team_changes, user_id, with_member,
};
use domain::access::{Actor, Permission, RoleKind};
use domain::ports::MockTransaction;

fn use_case(transactions: Vec<MockTransaction>) -> LeaveTeam {
    LeaveTeam {
        changes: team_changes(transactions),
    }
}

fn member(kind: RoleKind) -> Actor {
    in_browser(&record_in_browser(role(kind)))
}

async fn leave(kind: RoleKind, transaction: MockTransaction) -> Result<(), UseCaseError> {
    use_case(vec![transaction]).run(&member(kind), team()).await
}

#[tokio::test]
async fn only_a_member_in_a_browser_leaves() {
    let outcome = use_case(Vec::new()).run(&owner(), team()).await;
    assert_eq!(refusal(outcome), ("browser-session-required", None));
    let blind = actor(&[Permission::JobView]);
    let outcome = use_case(Vec::new()).run(&blind, team()).await;
    assert_eq!(refusal(outcome), ("permission-denied", None));
    let viewer = member(RoleKind::Viewer);
    let outcome = use_case(Vec::new()).run(&viewer, foreign_team()).await;
    assert_eq!(refusal(outcome), ("not-found", None));
}

#[tokio::test]
async fn the_owner_cannot_leave() {
    let mut transaction = finding_rights(record_in_browser(role(RoleKind::Owner)));
    with_member(&mut transaction, user_id(), role(RoleKind::Owner));
    let outcome = leave(RoleKind::Owner, transaction).await;
    assert_eq!(refusal(outcome), ("owner-is-fixed", None));
}

#[tokio::test]
async fn a_team_that_was_suspended_meanwhile_is_not_left() {
    let mut record = record_in_browser(role(RoleKind::Viewer));
    record.team.as_mut().unwrap().is_suspended = true;
    let outcome = leave(RoleKind::Viewer, finding_rights(record)).await;
    assert_eq!(refusal(outcome), ("team-suspended", None));
}

#[tokio::test]
async fn a_member_leaves_by_themselves() {
    let mut transaction = finding_rights(record_in_browser(role(RoleKind::Viewer)));
    with_member(&mut transaction, user_id(), role(RoleKind::Viewer));
    transaction
        .memberships
        .expect_delete_membership()
        .withf(|asked, user| *asked == team() && *user == user_id())
        .times(1)
        .returning(|_, _| Ok(true));
    transaction
        .teams
        .expect_find_ownership_offer()
        .returning(|_| Ok(None));
    audited(&mut transaction, "member.leave", user_id().to_string());
    let counter = counter(&transaction);
    leave(RoleKind::Viewer, transaction).await.unwrap();
    assert_eq!(commits(&counter), 1);
}
