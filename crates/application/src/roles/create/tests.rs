use super::{CreateRole, RoleContent};
use crate::UseCaseError;
use crate::sample::{
    commits, counter, demands, finding_scopes, owner, refusal, team, team_changes,
};
use domain::access::{CustomPermissions, Permission, Role, RoleKind};
use domain::limits;
use domain::names::RoleName;
use domain::ports::{Conflict, MockTransaction, StoreError};

fn use_case(transactions: Vec<MockTransaction>) -> CreateRole {
    CreateRole {
        changes: team_changes(transactions),
    }
}

fn content() -> RoleContent {
    let permissions = [Permission::TeamView, Permission::EnvironmentRestart];
    RoleContent {
        name: RoleName::parse("operations").unwrap(),
        permissions: CustomPermissions::new(permissions.into_iter().collect()).unwrap(),
    }
}

async fn create(transaction: MockTransaction) -> Result<Role, UseCaseError> {
    let use_case = use_case(vec![transaction]);
    use_case.run(&owner(), team(), content()).await
}

fn having(count: i64) -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction
        .roles
        .expect_count_custom_roles()
        .returning(move |_| Ok(count));
    transaction
}

#[tokio::test]
async fn it_demands_its_permission_before_anything() {
    demands(Permission::RoleManage, |actor, target| async move {
        let use_case = use_case(Vec::new());
        use_case.run(&actor, target.team_id, content()).await
    })
    .await;
}

#[tokio::test]
async fn nobody_makes_a_role_with_more_than_they_have() {
    let poorer = finding_scopes(&[Permission::RoleManage, Permission::TeamView]);
    let at = Some("/permissions");
    assert_eq!(refusal(create(poorer).await), ("rights-exceeded", at));
}

#[tokio::test]
async fn there_are_not_more_roles_than_may_be_and_no_two_of_one_name() {
    let full = having(limits::CUSTOM_ROLES_MAX);
    assert_eq!(refusal(create(full).await), ("limit-reached", None));
    let mut taken = having(0);
    taken
        .roles
        .expect_insert_role()
        .returning(|_| Err(StoreError::Conflict(Conflict::RoleName)));
    let at = Some("/name");
    assert_eq!(refusal(create(taken).await), ("role-name-taken", at));
}

#[tokio::test]
async fn a_role_is_stored_with_its_line() {
    let mut transaction = having(limits::CUSTOM_ROLES_MAX - 1);
    transaction
        .roles
        .expect_insert_role()
        .withf(|role| {
            role.team_id == team()
                && role.kind == RoleKind::Custom
                && role.custom_permissions == content().permissions.permissions()
        })
        .times(1)
        .returning(|_| Ok(()));
    transaction
        .audit
        .expect_append_audit_event()
        .withf(|event| event.action == "role.create" && event.target.starts_with("role_"))
        .times(1)
        .returning(|_| Ok(()));
    let counter = counter(&transaction);
    let made = create(transaction).await.unwrap();
    assert_eq!(made.name, content().name);
    assert_eq!(commits(&counter), 1);
}
