use super::ChangeRole;
use crate::UseCaseError;
use crate::roles::RoleContent;
use crate::sample::{
    audited, commits, counter, custom_role, demands, finding_scopes, owner, refusal, role, role_id,
    team, team_changes, with_role,
};
use domain::access::{CustomPermissions, Permission, Role, RoleKind};
use domain::names::RoleName;
use domain::ports::{Conflict, MockTransaction, StoreError};

fn use_case(transactions: Vec<MockTransaction>) -> ChangeRole {
    ChangeRole {
        changes: team_changes(transactions),
    }
}

fn content(permissions: &[Permission]) -> RoleContent {
    RoleContent {
        name: RoleName::parse("night shift").unwrap(),
        permissions: CustomPermissions::new(permissions.iter().copied().collect()).unwrap(),
    }
}

async fn change(
    mut transaction: MockTransaction,
    old: Role,
    new: &[Permission],
) -> Result<Role, UseCaseError> {
    let id = role_id();
    with_role(&mut transaction, Role { id, ..old });
    let use_case = use_case(vec![transaction]);
    use_case.run(&owner(), team(), id, content(new), None).await
}

#[tokio::test]
async fn it_demands_its_permission_before_anything() {
    demands(Permission::RoleManage, |actor, target| async move {
        let content = content(&[Permission::TeamView]);
        let use_case = use_case(Vec::new());
        use_case
            .run(&actor, target.team_id, role_id(), content, None)
            .await
    })
    .await;
}

#[tokio::test]
async fn built_in_roles_are_not_edited() {
    for kind in RoleKind::BUILT_IN {
        let outcome = change(
            MockTransaction::default(),
            role(kind),
            &[Permission::TeamView],
        );
        assert_eq!(refusal(outcome.await), ("role-not-editable", None));
    }
}

#[tokio::test]
async fn neither_what_a_role_has_nor_what_it_gets_goes_beyond_the_callers_own() {
    let rights = [Permission::RoleManage, Permission::TeamView];
    let low = [Permission::TeamView];
    let high = [Permission::TeamView, Permission::EnvironmentDelete];
    let outcome = change(finding_scopes(&rights), custom_role(&low), &high).await;
    let at = Some("/permissions");
    assert_eq!(refusal(outcome), ("rights-exceeded", at));
    let outcome = change(finding_scopes(&rights), custom_role(&high), &low).await;
    assert_eq!(refusal(outcome), ("rights-exceeded", None));
}

#[tokio::test]
async fn a_role_changes_for_all_who_have_it() {
    let new = [Permission::TeamView, Permission::JobView];
    let mut transaction = MockTransaction::default();
    transaction
        .roles
        .expect_update_role()
        .withf(move |role| {
            role.version == 7 && role.custom_permissions == content(&new).permissions.permissions()
        })
        .times(1)
        .returning(|_| Ok(()));
    audited(&mut transaction, "role.update", role_id().to_string());
    let counter = counter(&transaction);
    let old = custom_role(&[Permission::TeamView]);
    let changed = change(transaction, old, &new).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.version), ("night shift", 8));
    assert_eq!(commits(&counter), 1);
}

#[tokio::test]
async fn a_name_that_is_taken_is_pointed_at() {
    let mut transaction = MockTransaction::default();
    transaction
        .roles
        .expect_update_role()
        .returning(|_| Err(StoreError::Conflict(Conflict::RoleName)));
    let view = [Permission::TeamView];
    let outcome = change(transaction, custom_role(&view), &view).await;
    assert_eq!(refusal(outcome), ("role-name-taken", Some("/name")));
}
