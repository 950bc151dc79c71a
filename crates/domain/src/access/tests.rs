use super::{Actor, Permission, PermissionDenied, PermissionSet, Principal, RequestOrigin};
use crate::ids::{ApiTokenId, EntityId, RequestId, TeamId};
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
            permission: Permission::AddonInstall
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
    for principal in [
        Principal::System,
        Principal::Token(ApiTokenId::from_uuid(Uuid::from_u128(9))),
    ] {
        assert_eq!(Principal::parse(&principal.as_text()), Some(principal));
    }
    assert_eq!(Principal::parse("nobody"), None);
}
