//! API tokens.

use super::Store;
use super::store::all_pages;
use crate::builders;
use domain::access::{CredentialRecord, Permission, RoleKind};
use domain::api_token::ApiToken;
use domain::ids::TeamId;
use domain::people::TokenHash;
use domain::ports::{Conflict, StoreError};
use jiff::Timestamp;

async fn insert(store: &Store, token: &ApiToken) -> Result<(), StoreError> {
    store
        .write(async |transaction| transaction.api_tokens().insert_api_token(token).await)
        .await
}

async fn revoke(store: &Store, team: TeamId, token: &ApiToken, at: Timestamp) -> bool {
    store
        .write(async |transaction| {
            transaction
                .api_tokens()
                .revoke_api_token(team, token.id, at)
                .await
        })
        .await
        .expect("asked")
}

async fn by_hash(store: &Store, hashes: &[TokenHash]) -> Option<ApiToken> {
    let record = store.read_model.find_token_access(hashes).await;
    record.expect("read").map(|record| match record.credential {
        CredentialRecord::Token(token) => token,
        other => panic!("a token was asked for, not {other:?}"),
    })
}

/// Peppers rotate, so a caller asks with several hashes; the dead are found, too.
pub async fn a_token_is_found_by_one_of_its_hashes(store: &Store) {
    let team = store.team().await.team_id;
    let user = store.member(team, RoleKind::Owner).await;
    let mut token = builders::api_token(&*store.ids, team, user.id);
    token.revoked_at = Some(builders::moment());
    token.last_used_at = Some(builders::moment());
    token.scopes = [Permission::JobView, Permission::EnvironmentView]
        .into_iter()
        .collect();
    let networks = ["192.0.2.0/24", "2001:db8::/32", "198.51.100.7/32"];
    token.allowed_networks = networks
        .iter()
        .map(|text| text.parse().expect("valid"))
        .collect();
    insert(store, &token).await.expect("a new token");
    let other = TokenHash {
        pepper_id: "pepper-2".to_owned(),
        mac: token.hash.mac.clone(),
    };
    let found = by_hash(store, &[other.clone(), token.hash.clone()]).await;
    assert_eq!(found, Some(token));
    assert_eq!(by_hash(store, &[other]).await, None);
    assert_eq!(by_hash(store, &[]).await, None);
}

/// Two tokens cannot have one hash.
pub async fn a_token_hash_is_unique(store: &Store) {
    let team = store.team().await.team_id;
    let user = store.member(team, RoleKind::Owner).await;
    let token = store.api_token(team, user.id).await;
    let mut second = builders::api_token(&*store.ids, team, user.id);
    second.hash = token.hash.clone();
    let refused = insert(store, &second).await;
    assert!(
        matches!(refused, Err(StoreError::Conflict(Conflict::Other))),
        "{refused:?}"
    );
}

/// Once, and by its team only.
pub async fn a_token_is_revoked_once(store: &Store) {
    let (team, stranger) = (store.team().await.team_id, store.team().await.team_id);
    let user = store.member(team, RoleKind::Owner).await;
    let token = store.api_token(team, user.id).await;
    let now = builders::moment();
    assert!(!revoke(store, stranger, &token, now).await);
    assert!(revoke(store, team, &token, now).await);
    assert!(!revoke(store, team, &token, builders::far_future()).await);
    let dead = by_hash(store, std::slice::from_ref(&token.hash)).await;
    assert_eq!(dead.expect("dead, but found").revoked_at, Some(now));
    let find = store.read_model.find_api_token(team, token.id).await;
    assert_eq!(find.expect("read"), None);
}

/// A token whose pepper is being retired moves to the new one, and stays the same token.
pub async fn the_use_of_a_token_is_noted(store: &Store) {
    let team = store.team().await.team_id;
    let user = store.member(team, RoleKind::Owner).await;
    let token = store.api_token(team, user.id).await;
    let now = builders::moment();
    let note = async |rehashed: Option<TokenHash>| {
        store
            .write(async |transaction| {
                transaction
                    .api_tokens()
                    .note_api_token_use(token.id, now, rehashed)
                    .await
            })
            .await
            .expect("noted");
    };
    note(None).await;
    let mut expected = ApiToken {
        last_used_at: Some(now),
        ..token.clone()
    };
    let read = store.read_model.find_api_token(team, token.id).await;
    assert_eq!(read.expect("read"), Some(expected.clone()));
    "pepper-2".clone_into(&mut expected.hash.pepper_id);
    note(Some(expected.hash.clone())).await;
    assert_eq!(by_hash(store, &[token.hash]).await, None);
    assert_eq!(
        by_hash(store, &[expected.hash.clone()]).await,
        Some(expected)
    );
}

/// Expired ones are shown and do not count; revoked ones are neither.
pub async fn tokens_of_a_team_are_listed_and_counted(store: &Store) {
    let (team, stranger) = (store.team().await.team_id, store.team().await.team_id);
    let user = store.member(team, RoleKind::Owner).await;
    let mut expected = Vec::new();
    for _ in 0..3 {
        expected.push(store.api_token(team, user.id).await);
    }
    store.api_token(stranger, user.id).await;
    let revoked = store.api_token(team, user.id).await;
    assert!(revoke(store, team, &revoked, builders::moment()).await);
    let mut expired = builders::api_token(&*store.ids, team, user.id);
    expired.expires_at = builders::moment();
    insert(store, &expired).await.expect("a new token");
    expected.push(expired);
    let read = &store.read_model;
    let listed = all_pages(async |page| read.list_api_tokens(team, page).await).await;
    assert_eq!(listed, expected);
    let mut transaction = store.begin().await;
    let live = transaction
        .api_tokens()
        .count_live_api_tokens(team, builders::moment())
        .await;
    assert_eq!(live.expect("read"), 3);
    let one = read.find_api_token(stranger, expected[0].id).await;
    assert_eq!(one.expect("read"), None);
}
