//! Teams, their keys and their tokens.

use super::Store;
use crate::builders;
use domain::ports::{Conflict, StoreError};
use domain::team::{ApiToken, TokenHash};

async fn insert_token(store: &Store, token: &ApiToken) -> Result<(), StoreError> {
    let mut transaction = store.begin().await;
    transaction.api_tokens().insert_api_token(token).await?;
    transaction.commit().await.expect("committed");
    Ok(())
}

/// The key comes with the team; a stranger has none.
pub async fn a_team_has_a_key(store: &Store) {
    let account = store.team().await;
    let stranger = builders::team(&*store.ids);
    let mut transaction = store.begin().await;
    let teams = transaction.teams();
    let key = teams.find_team_key(account.team_id).await.expect("read");
    assert_eq!(key, Some(builders::wrapped_team_key()));
    assert_eq!(teams.find_team_key(stranger.id).await.expect("read"), None);
}

/// Peppers rotate, so a caller asks with several hashes; the dead are found, too.
pub async fn a_token_is_found_by_one_of_its_hashes(store: &Store) {
    let account = store.team().await;
    let mut token = builders::api_token(&*store.ids, account.team_id);
    token.revoked_at = Some(builders::moment());
    insert_token(store, &token).await.expect("a new token");
    let other = TokenHash {
        pepper_id: "pepper-2".to_owned(),
        mac: token.hash.mac.clone(),
    };
    let find = async |hashes: &[TokenHash]| {
        let found = store.read_model.find_api_token(hashes).await;
        found.expect("read")
    };
    let found = find(&[other.clone(), token.hash.clone()]).await;
    assert_eq!(found, Some(token));
    assert_eq!(find(&[other]).await, None);
    assert_eq!(find(&[]).await, None);
}

/// Two tokens cannot have one hash.
pub async fn a_token_hash_is_unique(store: &Store) {
    let account = store.team().await;
    let token = builders::api_token(&*store.ids, account.team_id);
    let mut second = builders::api_token(&*store.ids, account.team_id);
    second.hash = token.hash.clone();
    insert_token(store, &token).await.expect("a new token");
    let refused = insert_token(store, &second).await;
    assert!(matches!(
        refused,
        Err(StoreError::Conflict(Conflict::Other))
    ));
}

/// The first start counts.
pub async fn teams_are_counted(store: &Store) {
    for expected in 0..3 {
        let mut transaction = store.begin().await;
        let count = transaction.teams().count_teams().await.expect("counted");
        assert_eq!(count, expected);
        drop(transaction);
        store.team().await;
    }
}
