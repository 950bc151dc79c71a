//! Who belongs to which team.

use super::Store;
use super::store::all_pages;
use crate::builders;
use domain::access::RoleKind;
use domain::ids::{TeamId, UserId};
use domain::people::User;
use domain::ports::{Conflict, StoreError};
use domain::team::{Member, Membership};

async fn remove(store: &Store, team: TeamId, user: UserId) -> bool {
    store
        .write(async |transaction| {
            transaction
                .memberships()
                .delete_membership(team, user)
                .await
        })
        .await
        .expect("asked")
}

async fn update(store: &Store, user: &User) {
    store
        .write(async |transaction| transaction.people().update_user(user).await)
        .await
        .expect("updated");
}

/// As others see them, by the person's id.
pub async fn members_are_seen_with_their_role(store: &Store) {
    let team = store.team().await.team_id;
    let mut expected = Vec::new();
    for kind in [
        RoleKind::Owner,
        RoleKind::Manager,
        RoleKind::Viewer,
        RoleKind::Viewer,
    ] {
        let mut user = store.member(team, kind).await;
        if kind == RoleKind::Manager {
            user.second_factor = Some(builders::second_factor());
            update(store, &user).await;
        }
        expected.push(Member {
            user_id: user.id,
            has_second_factor: user.has_second_factor(),
            name: user.name,
            email: user.email,
            role: store.built_in_role(team, kind).await,
            joined_at: builders::moment(),
        });
    }
    let read = &store.read_model;
    let members = all_pages(async |page| read.list_members(team, page).await).await;
    assert_eq!(members, expected);
    let one = read.find_member(team, expected[1].user_id).await;
    assert_eq!(one.expect("read"), Some(expected[1].clone()));
    let stranger = store.person().await;
    let nobody = read.find_member(team, stranger.id).await;
    assert_eq!(nobody.expect("read"), None);
}

/// Twice is a conflict, and so is a role of another team.
pub async fn a_person_is_a_member_once(store: &Store) {
    let (team, other) = (store.team().await.team_id, store.team().await.team_id);
    let user = store.member(team, RoleKind::Viewer).await;
    let role = store.built_in_role(team, RoleKind::Manager).await;
    let refused = store.join(team, user.id, role.id).await;
    assert!(
        matches!(refused, Err(StoreError::Conflict(Conflict::Membership))),
        "{refused:?}"
    );
    let refused = store.join(other, user.id, role.id).await;
    assert!(
        matches!(refused, Err(StoreError::Conflict(Conflict::Other))),
        "{refused:?}"
    );
}

/// Another role of the team, for members only.
pub async fn a_member_gets_another_role(store: &Store) {
    let (team, other) = (store.team().await.team_id, store.team().await.team_id);
    let user = store.member(team, RoleKind::Viewer).await;
    let manager = store.built_in_role(team, RoleKind::Manager).await;
    let set = async |team, user| {
        store
            .write(async |transaction| {
                transaction
                    .memberships()
                    .set_member_role(team, user, manager.id)
                    .await
            })
            .await
    };
    assert!(set(team, user.id).await.expect("given"));
    let refused = set(other, user.id).await;
    assert!(
        matches!(refused, Err(StoreError::Conflict(Conflict::Other))),
        "{refused:?}"
    );
    assert!(!set(team, store.person().await.id).await.expect("asked"));
    let mut transaction = store.begin().await;
    let found = transaction
        .memberships()
        .find_membership(team, user.id)
        .await;
    let membership = Membership {
        team_id: team,
        user_id: user.id,
        role_id: manager.id,
        joined_at: builders::moment(),
    };
    assert_eq!(found.expect("read"), Some((membership, manager)));
    let nobody = transaction
        .memberships()
        .find_membership(other, user.id)
        .await;
    assert_eq!(nobody.expect("read"), None);
}

/// The tokens of a member go with the membership; those of others and of other teams stay.
pub async fn who_is_removed_loses_their_tokens(store: &Store) {
    let (team, other_team) = (store.team().await.team_id, store.team().await.team_id);
    let user = store.member(team, RoleKind::Manager).await;
    let role = store.built_in_role(other_team, RoleKind::Manager).await;
    store
        .join(other_team, user.id, role.id)
        .await
        .expect("joined");
    let colleague = store.member(team, RoleKind::Manager).await;
    store.api_token(team, user.id).await;
    let kept = [
        store.api_token(team, colleague.id).await,
        store.api_token(other_team, user.id).await,
    ];
    assert!(remove(store, team, user.id).await);
    assert!(!remove(store, team, user.id).await);
    for (team, kept) in [team, other_team].into_iter().zip(kept) {
        let list = async |page| store.read_model.list_api_tokens(team, page).await;
        assert_eq!(all_pages(list).await, [kept]);
    }
}

/// Living teams, as owner only.
pub async fn owned_teams_are_counted(store: &Store) {
    let teams = [store.team().await, store.team().await, store.team().await];
    let user = store.person().await;
    for (team, kind) in teams
        .iter()
        .zip([RoleKind::Owner, RoleKind::Owner, RoleKind::Manager])
    {
        let role = store.built_in_role(team.team_id, kind).await;
        store
            .join(team.team_id, user.id, role.id)
            .await
            .expect("joined");
    }
    let count = async || {
        let mut transaction = store.begin().await;
        transaction
            .memberships()
            .count_owned_teams(user.id)
            .await
            .expect("read")
    };
    assert_eq!(count().await, 2);
    store
        .write(async |transaction| {
            transaction
                .teams()
                .delete_team(teams[0].team_id, builders::moment())
                .await
        })
        .await
        .expect("deleted");
    assert_eq!(count().await, 1);
}
