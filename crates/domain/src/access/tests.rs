use super::{
    Actor, CustomPermissions, CustomPermissionsError, Permission, PermissionDenied, PermissionSet,
    Principal, RequestOrigin, RoleKind,
};
use crate::ids::{ApiTokenId, EntityId, RequestId, TeamId, UserId};
use uuid::Uuid;

fn actor(permissions: PermissionSet) -> Actor {
    let id = Uuid::from_u128(1);
    let origin = RequestOrigin {
        request_id: RequestId::from_uuid(id),
        client_address: None,
        user_agent: None,
    };
    Actor::new(
        TeamId::from_uuid(id),
        Principal::System,
        permissions,
        origin,
    )
}

#[test]
fn a_missing_permission_is_refused_by_name() {
    let actor = actor([Permission::JobView].into_iter().collect());
    assert_eq!(actor.demand(Permission::JobView), Ok(()));
    assert_eq!(
        actor.demand(Permission::AddonInstall),
        Err(PermissionDenied {
            permission: Permission::AddonInstall,
            is_team_suspended: false,
        })
    );
}

#[test]
fn rights_are_the_intersection_of_role_and_scopes() {
    let scopes: PermissionSet = [Permission::JobView, Permission::JobCancel]
        .into_iter()
        .collect();
    let role: PermissionSet = [Permission::JobView].into_iter().collect();
    assert_eq!(
        role.intersection(scopes).iter().collect::<Vec<_>>(),
        [Permission::JobView]
    );
    assert_eq!(PermissionSet::NONE.iter().count(), 0);
    assert_eq!(PermissionSet::all().iter().count(), Permission::ALL.len());
}

#[test]
fn slugs_and_principals_round_trip() {
    for permission in Permission::ALL {
        assert_eq!(Permission::parse(permission.as_str()), Some(*permission));
    }
    let user = UserId::from_uuid(Uuid::from_u128(8));
    for principal in [
        Principal::System,
        Principal::CommandLine,
        Principal::Anonymous,
        Principal::User(user),
        Principal::Operator(user),
        Principal::Token(ApiTokenId::from_uuid(Uuid::from_u128(9))),
    ] {
        assert_eq!(Principal::parse(&principal.as_text()), Some(principal));
    }
    assert_eq!(Principal::parse("nobody"), None);
}

#[test]
fn built_in_roles_are_nested_and_leave_the_owner_his_own() {
    let [owner, manager, developer, viewer] = RoleKind::BUILT_IN.map(RoleKind::permissions);
    assert!(owner.contains_all(manager) && manager.contains_all(developer));
    assert!(developer.contains_all(viewer) && !viewer.contains_all(developer));
    let only_owner: Vec<_> = owner
        .iter()
        .filter(|permission| !manager.contains(*permission))
        .map(Permission::as_str)
        .collect();
    assert_eq!(
        only_owner,
        [
            "mbadmin.install",
            "addon.install",
            "addon.uninstall",
            "platform_account.view",
            "platform_account.manage",
            "team.delete",
            "team.transfer",
            "team.export",
        ]
    );
    for denied in [
        Permission::EnvironmentDelete,
        Permission::TopologyManage,
        Permission::VariablesViewValues,
        Permission::VariablesManage,
        Permission::BackupRestore,
    ] {
        assert!(!developer.contains(denied), "{}", denied.as_str());
    }
    assert!(developer.contains(Permission::BackupCreate));
    assert!(manager.contains(Permission::BackupRestore));
    assert!(viewer.iter().all(Permission::is_view));
}

#[test]
fn slugs_of_a_newer_version_give_no_right() {
    let set = PermissionSet::parse_slugs("job.view future.thing env.view");
    assert_eq!(set.to_slugs(), "env.view job.view");
    assert_eq!(PermissionSet::parse_slugs(""), PermissionSet::NONE);
}

#[test]
fn a_custom_role_sees_the_team_and_has_nothing_of_the_owners_own() {
    let with = |extra: Permission| -> PermissionSet {
        [Permission::TeamView, extra].into_iter().collect()
    };
    for permission in Permission::ALL {
        let custom = CustomPermissions::new(with(*permission));
        if permission.is_owner_only() {
            assert_eq!(custom, Err(CustomPermissionsError::OwnerOnly(*permission)));
        } else {
            let permissions = custom.unwrap().permissions();
            assert_eq!(permissions, with(*permission));
            assert!(RoleKind::Manager.permissions().contains_all(permissions));
        }
    }
    let blind = [Permission::JobView].into_iter().collect();
    assert_eq!(
        CustomPermissions::new(blind),
        Err(CustomPermissionsError::WithoutTeamView)
    );
}

#[test]
fn every_permission_says_what_it_allows() {
    for permission in Permission::ALL {
        let meaning = permission.meaning();
        assert!(meaning.ends_with('.') && meaning.len() > 10, "{meaning}");
    }
}
