//! Roles of teams.

use super::Store;
use super::store::all_pages;
use crate::builders;
use domain::access::{Permission, Role, RoleKind};
use domain::ids::TeamId;
use domain::names::RoleName;
use domain::ports::{Conflict, StoreError, new_id};

async fn insert(store: &Store, role: &Role) -> Result<(), StoreError> {
    store
        .write(async |transaction| transaction.roles().insert_role(role).await)
        .await
}

async fn update(store: &Store, role: &Role) -> Result<(), StoreError> {
    store
        .write(async |transaction| transaction.roles().update_role(role).await)
        .await
}

async fn delete(store: &Store, role: &Role) -> Result<bool, StoreError> {
    store
        .write(async |transaction| transaction.roles().delete_role(role.team_id, role.id).await)
        .await
}

async fn custom_role(store: &Store, team: TeamId) -> Role {
    let role = builders::role(&*store.ids, team, &[Permission::EnvironmentView]);
    insert(store, &role).await.expect("a new role");
    role
}

/// There and back, changed under the version that was read, by its team only.
pub async fn a_custom_role_is_made_and_changed(store: &Store) {
    let (team, stranger) = (store.team().await.team_id, store.team().await.team_id);
    let mut role = custom_role(store, team).await;
    let find = async |team, role| store.read_model.find_role(team, role).await.expect("read");
    assert_eq!(find(team, role.id).await, Some(role.clone()));
    assert_eq!(find(stranger, role.id).await, None);
    role.name = RoleName::parse("Night watch").expect("valid");
    role.custom_permissions = [Permission::JobView, Permission::JobCancel]
        .into_iter()
        .collect();
    update(store, &role).await.expect("updated");
    assert!(matches!(
        update(store, &role).await,
        Err(StoreError::VersionChanged)
    ));
    role.version += 1;
    assert_eq!(find(team, role.id).await, Some(role.clone()));
    let of_stranger = Role {
        team_id: stranger,
        ..role.clone()
    };
    assert!(matches!(
        update(store, &of_stranger).await,
        Err(StoreError::VersionChanged)
    ));
    let mut transaction = store.begin().await;
    let roles = transaction.roles();
    assert_eq!(
        roles.find_role(stranger, role.id).await.expect("read"),
        None
    );
    assert_eq!(
        roles.find_role(team, role.id).await.expect("read"),
        Some(role)
    );
    assert_eq!(roles.count_custom_roles(team).await.expect("read"), 1);
    let none = roles.find_built_in_role(team, RoleKind::Custom).await;
    assert_eq!(none.expect("read"), None);
    drop(transaction);
    let all = all_pages(async |page| store.read_model.list_roles(team, page).await).await;
    assert_eq!(all.len(), 5);
    assert_eq!(all[4].kind, RoleKind::Custom);
}

/// In one team, however it is written; another team has its own names.
pub async fn a_name_of_a_role_is_taken_once_in_its_team(store: &Store) {
    let (team, other_team) = (store.team().await.team_id, store.team().await.team_id);
    let is_taken = |result: Result<(), StoreError>| {
        assert!(
            matches!(result, Err(StoreError::Conflict(Conflict::RoleName))),
            "{result:?}"
        );
    };
    let mut role = custom_role(store, team).await;
    let twin = Role {
        id: new_id(&*store.ids),
        ..role.clone()
    };
    is_taken(insert(store, &twin).await);
    let elsewhere = Role {
        team_id: other_team,
        ..twin
    };
    insert(store, &elsewhere).await.expect("another team");
    role.name = RoleName::parse("Owner").expect("valid");
    is_taken(update(store, &role).await);
}

/// What is built in stays as it is.
pub async fn a_built_in_role_cannot_be_changed(store: &Store) {
    let team = store.team().await.team_id;
    for kind in RoleKind::BUILT_IN {
        let role = store.built_in_role(team, kind).await;
        let renamed = Role {
            name: RoleName::parse("Renamed").expect("valid"),
            ..role.clone()
        };
        assert!(matches!(
            update(store, &renamed).await,
            Err(StoreError::VersionChanged)
        ));
        assert!(!delete(store, &role).await.expect("asked"));
        assert_eq!(store.built_in_role(team, kind).await, role);
    }
}

/// While members or open invitations have it, and not because of those that are over.
pub async fn a_role_in_use_cannot_be_deleted(store: &Store) {
    let (team, stranger) = (store.team().await.team_id, store.team().await.team_id);
    let role = custom_role(store, team).await;
    let is_in_use = |result: Result<bool, StoreError>| {
        assert!(
            matches!(result, Err(StoreError::Conflict(Conflict::RoleInUse))),
            "{result:?}"
        );
    };
    let user = store.person().await;
    store.join(team, user.id, role.id).await.expect("joined");
    is_in_use(delete(store, &role).await);
    store
        .write(async |transaction| {
            transaction
                .memberships()
                .delete_membership(team, user.id)
                .await
        })
        .await
        .expect("removed");
    let email = "invited@example.com";
    let invitation = builders::invitation(&*store.ids, team, email, role.id, user.id);
    store
        .write(async |transaction| {
            transaction
                .invitations()
                .insert_invitation(&invitation)
                .await
        })
        .await
        .expect("invited");
    is_in_use(delete(store, &role).await);
    store
        .write(async |transaction| {
            let invitations = transaction.invitations();
            invitations
                .revoke_invitation(team, invitation.id, builders::moment())
                .await
        })
        .await
        .expect("revoked");
    let of_stranger = Role {
        team_id: stranger,
        ..role.clone()
    };
    assert!(!delete(store, &of_stranger).await.expect("asked"));
    assert!(delete(store, &role).await.expect("asked"));
    assert!(!delete(store, &role).await.expect("asked"));
    assert_eq!(
        store
            .read_model
            .find_role(team, role.id)
            .await
            .expect("read"),
        None
    );
}
