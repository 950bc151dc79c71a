use super::ChangeMemberRole;
use crate::UseCaseError;
use crate::sample::{
    audited, commits, counter, custom_role, demands, finding_scopes, other_user_id, owner, refusal,
    role, role_id, team, team_changes, with_member, with_role,
};
use domain::access::{Permission, Role, RoleKind};
use domain::ports::MockTransaction;

fn use_case(transactions: Vec<MockTransaction>) -> ChangeMemberRole {
    ChangeMemberRole {
        changes: team_changes(transactions),
    }
}

async fn change(transaction: MockTransaction) -> Result<(), UseCaseError> {
    let use_case = use_case(vec![transaction]);
    use_case
        .run(&owner(), team(), other_user_id(), role_id())
        .await
}

/// The other person has the old role and is to get the new one.
fn between(mut transaction: MockTransaction, old: Role, new: Role) -> MockTransaction {
    with_member(&mut transaction, other_user_id(), old);
    let id = role_id();
    with_role(&mut transaction, Role { id, ..new });
    transaction
}

#[tokio::test]
async fn it_demands_its_permission_before_anything() {
    demands(Permission::MemberManage, |actor, target| async move {
        let use_case = use_case(Vec::new());
        let (team, user) = (target.team_id, other_user_id());
        use_case.run(&actor, team, user, role_id()).await
    })
    .await;
}

#[tokio::test]
async fn the_owners_role_is_neither_taken_nor_given() {
    let (owner, viewer) = (role(RoleKind::Owner), role(RoleKind::Viewer));
    let taking = between(MockTransaction::default(), owner.clone(), viewer.clone());
    assert_eq!(refusal(change(taking).await), ("owner-is-fixed", None));
    let giving = between(MockTransaction::default(), viewer, owner);
    let at = Some("/role_id");
    assert_eq!(refusal(change(giving).await), ("owner-is-fixed", at));
}

#[tokio::test]
async fn nobody_lifts_others_above_themselves_or_pulls_down_who_stands_above() {
    let rights = [Permission::MemberManage, Permission::TeamView];
    let (low, high) = (
        custom_role(&[Permission::TeamView]),
        role(RoleKind::Developer),
    );
    let lifting = between(finding_scopes(&rights), low.clone(), high.clone());
    let at = Some("/role_id");
    assert_eq!(refusal(change(lifting).await), ("rights-exceeded", at));
    let pulling = between(finding_scopes(&rights), high, low.clone());
    assert_eq!(refusal(change(pulling).await), ("rights-exceeded", None));
    let mut level = between(finding_scopes(&rights), low.clone(), low);
    level
        .memberships
        .expect_set_member_role()
        .returning(|_, _, _| Ok(true));
    level
        .audit
        .expect_append_audit_event()
        .returning(|_| Ok(()));
    assert_eq!(refusal(change(level).await), ("", None));
}

#[tokio::test]
async fn somebody_who_is_no_member_and_a_role_of_another_team_are_not_there() {
    let mut stranger = MockTransaction::default();
    stranger
        .memberships
        .expect_find_membership()
        .returning(|_, _| Ok(None));
    assert_eq!(refusal(change(stranger).await), ("not-found", None));
    let mut foreign = MockTransaction::default();
    with_member(&mut foreign, other_user_id(), role(RoleKind::Viewer));
    foreign.roles.expect_find_role().returning(|_, _| Ok(None));
    let at = Some("/role_id");
    assert_eq!(refusal(change(foreign).await), ("validation-failed", at));
}

#[tokio::test]
async fn a_member_gets_the_role() {
    let viewer = role(RoleKind::Viewer);
    let mut transaction = between(
        MockTransaction::default(),
        viewer,
        role(RoleKind::Developer),
    );
    transaction
        .memberships
        .expect_set_member_role()
        .withf(|asked, user, role| {
            *asked == team() && *user == other_user_id() && *role == role_id()
        })
        .times(1)
        .returning(|_, _, _| Ok(true));
    let target = format!("{} {}", other_user_id(), role_id());
    audited(&mut transaction, "member.change_role", target);
    let counter = counter(&transaction);
    change(transaction).await.unwrap();
    assert_eq!(commits(&counter), 1);
}
