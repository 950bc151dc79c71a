//! Teams and their keys.

use super::Store;
use crate::builders;

/// The key comes with the team; a stranger has none.
pub async fn a_team_has_a_key(store: &Store) {
    let account = store.team().await;
    let stranger = builders::team(&*store.ids);
    let mut transaction = store.begin().await;
    let teams = transaction.teams();
    let key = teams.find_team_key(account.team_id).await.expect("read");
    assert_eq!(key, Some(builders::wrapped_key()));
    assert_eq!(teams.find_team_key(stranger.id).await.expect("read"), None);
}
