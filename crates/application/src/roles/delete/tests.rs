use super::DeleteRole;
use crate::UseCaseError;
use crate::sample::{
    audited, commits, counter, custom_role, demands, finding_scopes, owner, refusal, role, role_id,
    team, team_changes, with_role,
};
use domain::access::{Permission, Role, RoleKind};
use domain::ports::{Conflict, MockTransaction, StoreError};

fn use_case(transactions: Vec<MockTransaction>) -> DeleteRole {
    DeleteRole {
        changes: team_changes(transactions),
    }
}

async fn delete(mut transaction: MockTransaction, role: Role) -> Result<(), UseCaseError> {
    let id = role_id();
    with_role(&mut transaction, Role { id, ..role });
    use_case(vec![transaction]).run(&owner(), team(), id).await
}

#[tokio::test]
async fn it_demands_its_permission_before_anything() {
    demands(Permission::RoleManage, |actor, target| async move {
        let use_case = use_case(Vec::new());
        use_case.run(&actor, target.team_id, role_id()).await
    })
    .await;
}

#[tokio::test]
async fn a_built_in_role_one_in_use_and_one_above_stay() {
    let built_in = delete(MockTransaction::default(), role(RoleKind::Viewer)).await;
    assert_eq!(refusal(built_in), ("role-not-editable", None));
    let mut in_use = MockTransaction::default();
    in_use
        .roles
        .expect_delete_role()
        .returning(|_, _| Err(StoreError::Conflict(Conflict::RoleInUse)));
    let outcome = delete(in_use, custom_role(&[Permission::TeamView])).await;
    assert_eq!(refusal(outcome), ("role-in-use", None));
    let poorer = finding_scopes(&[Permission::RoleManage]);
    let outcome = delete(poorer, custom_role(&[Permission::TeamView])).await;
    assert_eq!(refusal(outcome), ("rights-exceeded", None));
}

#[tokio::test]
async fn a_role_that_nobody_has_goes() {
    let mut transaction = MockTransaction::default();
    transaction
        .roles
        .expect_delete_role()
        .withf(|asked, id| *asked == team() && *id == role_id())
        .times(1)
        .returning(|_, _| Ok(true));
    audited(&mut transaction, "role.delete", role_id().to_string());
    let counter = counter(&transaction);
    let role = custom_role(&[Permission::TeamView]);
    delete(transaction, role).await.unwrap();
    assert_eq!(commits(&counter), 1);
}
