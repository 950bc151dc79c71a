//! Wrapped keys and peppers, for those who rotate them.

use super::Store;
use crate::builders;
use domain::access::RoleKind;
use domain::people::EmailLinkPurpose;
use domain::sealed::{KeyOwner, WrappedKey};

async fn list(
    store: &Store,
    master_key_id: &str,
    after: Option<KeyOwner>,
) -> Vec<(KeyOwner, WrappedKey)> {
    let mut transaction = store.begin().await;
    let listed = transaction
        .keys()
        .list_keys_not_under(master_key_id, after, 2)
        .await;
    listed.expect("read")
}

async fn replace(store: &Store, owner: KeyOwner, old: &WrappedKey, new: &WrappedKey) -> bool {
    store
        .write(async |transaction| {
            transaction
                .keys()
                .replace_wrapped_key(owner, old, new)
                .await
        })
        .await
        .expect("asked")
}

/// Teams first, then people, by id, in steps; what is wrapped anew drops out.
pub async fn keys_under_an_old_master_key_are_found_and_replaced(store: &Store) {
    let mut owners = Vec::new();
    for _ in 0..3 {
        owners.push(KeyOwner::Team(store.team().await.team_id));
    }
    for _ in 0..3 {
        owners.push(KeyOwner::User(store.person().await.id));
    }
    owners.sort();
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let step = list(store, "mk_2", after).await;
        assert!(step.len() <= 2);
        let Some((last, _)) = step.last() else { break };
        after = Some(*last);
        found.extend(step);
    }
    assert_eq!(
        found.iter().map(|(owner, _)| *owner).collect::<Vec<_>>(),
        owners
    );
    assert_eq!(list(store, "mk_1", None).await, []);
    let (old, new) = (builders::wrapped_key(), builders::wrapped_key_under("mk_2"));
    for (owner, key) in &found {
        assert_eq!(*key, old);
        assert!(replace(store, *owner, &old, &new).await);
        assert!(
            !replace(store, *owner, &old, &new).await,
            "it is not the old one any more"
        );
    }
    assert_eq!(list(store, "mk_2", None).await, []);
    let counts = store.read_model.count_keys_by_master_key().await;
    assert_eq!(counts.expect("read"), [("mk_2".to_owned(), 6)]);
}

/// Also one that says nothing: it is neither hidden nor an error.
pub async fn keys_are_counted_by_their_master_key(store: &Store) {
    let team = store.team().await.team_id;
    store.person().await;
    let odd = store.person().await;
    let owner = KeyOwner::User(odd.id);
    let unreadable = WrappedKey(vec![9, 200, 0]);
    let replaced = replace(store, owner, &builders::wrapped_key(), &unreadable).await;
    assert!(replaced);
    let long = builders::wrapped_key_under("mk_01arz3ndektsv4rrffq69g5fav");
    assert!(replace(store, KeyOwner::Team(team), &builders::wrapped_key(), &long).await);
    let counts = store
        .read_model
        .count_keys_by_master_key()
        .await
        .expect("read");
    let expected = [
        ("mk_01arz3ndektsv4rrffq69g5fav", 1),
        ("mk_1", 1),
        ("unknown", 1),
    ];
    let counts: Vec<_> = counts
        .iter()
        .map(|(id, count)| (id.as_str(), *count))
        .collect();
    assert_eq!(counts, expected);
    assert_eq!(list(store, "mk_1", None).await.len(), 2);
}

/// Everything that lives, under the pepper it is stored under; the dead do not keep a pepper alive.
pub async fn hashes_are_counted_by_their_pepper(store: &Store) {
    let team = store.team().await.team_id;
    let user = store.member(team, RoleKind::Owner).await;
    let viewer = store.built_in_role(team, RoleKind::Viewer).await;
    let ended = store.user_session(user.id).await;
    store.user_session(user.id).await;
    store.api_token(team, user.id).await;
    let revoked = store.api_token(team, user.id).await;
    let moment = builders::moment();
    store
        .write(async |transaction| {
            let mut link =
                builders::email_link(&*store.ids, user.id, EmailLinkPurpose::Verification);
            "pepper-2".clone_into(&mut link.hash.pepper_id);
            transaction.people().insert_email_link(&link).await?;
            let codes = [
                builders::token_hash(&*store.ids),
                builders::token_hash(&*store.ids),
            ];
            transaction
                .people()
                .replace_recovery_codes(user.id, &codes)
                .await?;
            let email = "invited@example.com";
            let invitation = builders::invitation(&*store.ids, team, email, viewer.id, user.id);
            transaction
                .invitations()
                .insert_invitation(&invitation)
                .await?;
            let sessions = transaction.user_sessions();
            assert!(sessions.end_user_session(user.id, ended.id, moment).await?);
            let tokens = transaction.api_tokens();
            assert!(tokens.revoke_api_token(team, revoked.id, moment).await?);
            Ok(())
        })
        .await
        .expect("stored");
    let count = async |now| {
        let counts = store.read_model.count_hashes_by_pepper(now).await;
        counts.expect("read")
    };
    let expected = [("pepper-1".to_owned(), 5), ("pepper-2".to_owned(), 1)];
    assert_eq!(count(moment).await, expected);
    // Only codes do not expire.
    assert_eq!(
        count(builders::far_future()).await,
        [("pepper-1".to_owned(), 2)]
    );
}
