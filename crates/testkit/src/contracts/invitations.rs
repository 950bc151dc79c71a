//! Invitations into teams.

use super::Store;
use super::store::all_pages;
use crate::builders;
use domain::access::RoleKind;
use domain::ids::TeamId;
use domain::people::{TokenHash, User};
use domain::ports::StoreError;
use domain::team::Invitation;
use jiff::Timestamp;

async fn invite(store: &Store, team: TeamId, by: &User, email: &str) -> Invitation {
    let role = store.built_in_role(team, RoleKind::Viewer).await;
    let invitation = builders::invitation(&*store.ids, team, email, role.id, by.id);
    store
        .write(async |transaction| {
            transaction
                .invitations()
                .insert_invitation(&invitation)
                .await
        })
        .await
        .expect("invited");
    invitation
}

async fn find(store: &Store, hash: &TokenHash, now: Timestamp) -> Option<Invitation> {
    let mut transaction = store.begin().await;
    let hashes = [builders::token_hash(&*store.ids), hash.clone()];
    let found = transaction
        .invitations()
        .find_open_invitation(&hashes, now)
        .await;
    found.expect("read")
}

async fn accept(store: &Store, invitation: &Invitation, user: &User) -> bool {
    let at = builders::moment();
    store
        .write(async |transaction| {
            transaction
                .invitations()
                .accept_invitation(invitation.id, user.id, at)
                .await
        })
        .await
        .expect("asked")
}

/// Found while it is open, accepted once.
pub async fn an_invitation_is_accepted_once(store: &Store) {
    let team = store.team().await.team_id;
    let owner = store.member(team, RoleKind::Owner).await;
    let invitation = invite(store, team, &owner, "one@example.com").await;
    let now = builders::moment();
    assert_eq!(
        find(store, &invitation.hash, now).await,
        Some(invitation.clone())
    );
    assert_eq!(
        find(store, &invitation.hash, builders::far_future()).await,
        None
    );
    let guest = store.person().await;
    let (first, second) = futures::join!(
        accept(store, &invitation, &guest),
        accept(store, &invitation, &owner),
    );
    assert!(first ^ second, "one of two at once");
    assert_eq!(find(store, &invitation.hash, now).await, None);
}

/// By its team only, once; and by a newer one to the same address.
pub async fn an_invitation_is_revoked(store: &Store) {
    let (team, stranger) = (store.team().await.team_id, store.team().await.team_id);
    let owner = store.member(team, RoleKind::Owner).await;
    let now = builders::moment();
    let first = invite(store, team, &owner, "one@example.com").await;
    let other = invite(store, team, &owner, "two@example.com").await;
    let second = invite(store, team, &owner, "one@example.com").await;
    assert_eq!(find(store, &first.hash, now).await, None);
    assert!(!accept(store, &first, &owner).await);
    let revoke = async |team| {
        store
            .write(async |transaction| {
                transaction
                    .invitations()
                    .revoke_invitation(team, second.id, now)
                    .await
            })
            .await
            .expect("asked")
    };
    assert!(!revoke(stranger).await);
    assert!(revoke(team).await);
    assert!(!revoke(team).await);
    assert_eq!(find(store, &second.hash, now).await, None);
    assert_eq!(find(store, &other.hash, now).await, Some(other));
}

/// Lists, counts and the question whether somebody is invited agree.
pub async fn open_invitations_are_listed_and_counted(store: &Store) {
    let (team, other_team) = (store.team().await.team_id, store.team().await.team_id);
    let owner = store.member(team, RoleKind::Owner).await;
    let mut expected = Vec::new();
    for number in 0..3 {
        expected.push(invite(store, team, &owner, &format!("{number}@example.com")).await);
    }
    invite(store, other_team, &owner, "0@example.com").await;
    let accepted = invite(store, team, &owner, "accepted@example.com").await;
    assert!(accept(store, &accepted, &store.person().await).await);
    let read = &store.read_model;
    let list =
        async |now| all_pages(async |page| read.list_invitations(team, now, page).await).await;
    let ask = async |now: Timestamp| -> Result<(i64, bool, bool), StoreError> {
        let mut transaction = store.begin().await;
        let invitations = transaction.invitations();
        Ok((
            invitations.count_open_invitations(team, now).await?,
            invitations.is_invited(&expected[1].email, now).await?,
            invitations.is_invited(&accepted.email, now).await?,
        ))
    };
    let (now, later) = (builders::moment(), builders::far_future());
    assert_eq!(list(now).await, expected);
    assert_eq!(ask(now).await.expect("read"), (3, true, false));
    assert_eq!(list(later).await, []);
    assert_eq!(ask(later).await.expect("read"), (0, false, false));
}
