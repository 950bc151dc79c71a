//! Rights: what is read about a credential, for a request and under a lock.

use super::Store;
use crate::builders;
use domain::access::{
    AccessPolicy, AccessRecord, AccessSubject, CredentialRecord, Permission, RefusedAccess, Role,
    RoleKind, TeamAccess,
};
use domain::ids::TeamId;
use domain::ports::StoreError;
use std::time::Duration;

pub(super) const POLICY: AccessPolicy = AccessPolicy {
    session_idle: Duration::from_hours(1),
    allows_expired_tokens: false,
};

pub(super) async fn lock(
    store: &Store,
    subject: AccessSubject,
    team: Option<TeamId>,
) -> Option<AccessRecord> {
    let mut transaction = store.begin().await;
    transaction
        .access()
        .lock_access(subject, team)
        .await
        .expect("read")
}

fn place(team: TeamId, role: Option<Role>) -> TeamAccess {
    TeamAccess {
        team_id: team,
        is_suspended: false,
        role,
    }
}

/// With and without a team, a membership, and the session itself.
pub async fn a_session_gives_the_rights_of_its_person(store: &Store) {
    let (team, other_team) = (store.team().await.team_id, store.team().await.team_id);
    let user = store.member(team, RoleKind::Developer).await;
    store.member(team, RoleKind::Owner).await;
    let session = store.user_session(user.id).await;
    store.user_session(user.id).await;
    let role = store.built_in_role(team, RoleKind::Developer).await;
    let unknown: TeamId = domain::ports::new_id(&*store.ids);
    let hashes = [builders::token_hash(&*store.ids), session.hash.clone()];
    for (asked, expected) in [
        (Some(team), Some(place(team, Some(role)))),
        (Some(other_team), Some(place(other_team, None))),
        (Some(unknown), None),
        (None, None),
    ] {
        let expected = Some(AccessRecord {
            credential: CredentialRecord::Session(session.clone()),
            user: user.clone(),
            team: expected,
        });
        let found = store.read_model.find_session_access(&hashes, asked).await;
        assert_eq!(found.expect("read"), expected);
        let subject = AccessSubject::Session(session.id);
        assert_eq!(lock(store, subject, asked).await, expected);
    }
    let nobody = store
        .read_model
        .find_session_access(&hashes[..1], Some(team))
        .await;
    assert_eq!(nobody.expect("read"), None);
    let unknown = AccessSubject::Session(domain::ports::new_id(&*store.ids));
    assert_eq!(lock(store, unknown, Some(team)).await, None);
}

/// In the token's team, whatever team is asked for; and without the membership, in none.
pub async fn a_token_gives_the_rights_of_its_maker_in_its_team(store: &Store) {
    let (team, other_team) = (store.team().await.team_id, store.team().await.team_id);
    let user = store.member(team, RoleKind::Manager).await;
    let elsewhere = store.built_in_role(other_team, RoleKind::Owner).await;
    store
        .join(other_team, user.id, elsewhere.id)
        .await
        .expect("joined");
    let token = store.api_token(team, user.id).await;
    let role = store.built_in_role(team, RoleKind::Manager).await;
    let mut expected = AccessRecord {
        credential: CredentialRecord::Token(token.clone()),
        user: user.clone(),
        team: Some(place(team, Some(role))),
    };
    let hashes = [token.hash.clone()];
    let subject = AccessSubject::Token(token.id);
    let found = async || {
        store
            .read_model
            .find_token_access(&hashes)
            .await
            .expect("read")
    };
    assert_eq!(found().await, Some(expected.clone()));
    for asked in [None, Some(team), Some(other_team)] {
        assert_eq!(lock(store, subject, asked).await, Some(expected.clone()));
    }
    store
        .write(async |transaction| {
            transaction
                .memberships()
                .delete_membership(team, user.id)
                .await
        })
        .await
        .expect("removed");
    let after = found().await.expect("dead, but found");
    let CredentialRecord::Token(dead) = &after.credential else {
        panic!("a token was asked for");
    };
    assert!(dead.revoked_at.is_some());
    expected.credential = CredentialRecord::Token(dead.clone());
    expected.team = Some(place(team, None));
    assert_eq!(after, expected);
    assert_eq!(lock(store, subject, None).await, Some(expected));
}

/// For work that goes on when the person has left.
pub async fn a_person_has_rights_without_a_credential(store: &Store) {
    let (team, other_team) = (store.team().await.team_id, store.team().await.team_id);
    let user = store.member(team, RoleKind::Viewer).await;
    let role = store.built_in_role(team, RoleKind::Viewer).await;
    let subject = AccessSubject::User(user.id);
    for (asked, expected) in [
        (Some(team), Some(place(team, Some(role)))),
        (Some(other_team), Some(place(other_team, None))),
        (None, None),
    ] {
        let expected = AccessRecord {
            credential: CredentialRecord::Person,
            user: user.clone(),
            team: expected,
        };
        assert_eq!(lock(store, subject, asked).await, Some(expected));
    }
    let unknown = AccessSubject::User(domain::ports::new_id(&*store.ids));
    assert_eq!(lock(store, unknown, Some(team)).await, None);
}

/// A suspended team is said to be so, and a deleted one is none.
pub async fn the_state_of_the_team_comes_along(store: &Store) {
    let team = store.team().await.team_id;
    let user = store.member(team, RoleKind::Owner).await;
    let session = store.user_session(user.id).await;
    let subject = AccessSubject::Session(session.id);
    let hashes = [session.hash];
    let places = async || -> Result<[Option<TeamAccess>; 2], StoreError> {
        let read = store
            .read_model
            .find_session_access(&hashes, Some(team))
            .await?;
        let locked = lock(store, subject, Some(team)).await;
        Ok([
            read.and_then(|record| record.team),
            locked.and_then(|record| record.team),
        ])
    };
    let mut suspended = store
        .read_model
        .find_team(team)
        .await
        .expect("read")
        .expect("the team");
    suspended.suspended_at = Some(builders::moment());
    store
        .write(async |transaction| transaction.teams().update_team(&suspended).await)
        .await
        .expect("suspended");
    for place in places().await.expect("read") {
        assert!(place.expect("the team").is_suspended);
    }
    store
        .write(async |transaction| {
            transaction
                .teams()
                .delete_team(team, builders::moment())
                .await
        })
        .await
        .expect("deleted");
    assert_eq!(places().await.expect("read"), [None, None]);
}

/// Custom rights as they are stored.
pub async fn a_custom_role_gives_what_it_says(store: &Store) {
    let team = store.team().await.team_id;
    let user = store.person().await;
    let role = builders::role(&*store.ids, team, &[Permission::JobCancel]);
    store
        .write(async |transaction| transaction.roles().insert_role(&role).await)
        .await
        .expect("a new role");
    store.join(team, user.id, role.id).await.expect("joined");
    let subject = AccessSubject::User(user.id);
    let record = lock(store, subject, Some(team)).await.expect("the person");
    let origin = builders::origin(&*store.ids);
    let actor = record.actor(team, &POLICY, builders::moment(), None, origin.clone());
    let actor = actor.expect("a member");
    assert!(actor.demand(Permission::JobCancel).is_ok());
    assert!(actor.demand(Permission::JobView).is_err());
    let elsewhere = store.team().await.team_id;
    let refused = record.actor(elsewhere, &POLICY, builders::moment(), None, origin);
    assert_eq!(refused.map(drop), Err(RefusedAccess::NotFound));
}

/// Who holds rights does not keep others from holding the same.
pub async fn rights_are_held_by_many_at_once(store: &Store) {
    let team = store.team().await.team_id;
    let user = store.member(team, RoleKind::Manager).await;
    let token = store.api_token(team, user.id).await;
    let session = store.user_session(user.id).await;
    let subjects = [
        AccessSubject::Token(token.id),
        AccessSubject::Session(session.id),
        AccessSubject::User(user.id),
    ];
    let holders = (0..30).map(|number| async move {
        let mut transaction = store.begin().await;
        let subject = subjects[number % subjects.len()];
        let locked = transaction.access().lock_access(subject, Some(team)).await;
        assert!(locked.expect("read").is_some());
        transaction.commit().await.expect("committed");
    });
    futures::future::join_all(holders).await;
}
