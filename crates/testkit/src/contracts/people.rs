//! People, their recovery codes and their links.

use super::Store;
use crate::builders;
use domain::ids::UserId;
use domain::people::{EmailLink, EmailLinkPurpose, TokenHash, User, UserState};
use domain::ports::{Conflict, StoreError};
use domain::sealed::SealedSecret;
use jiff::Timestamp;

async fn insert(store: &Store, user: &User) -> Result<(), StoreError> {
    let key = builders::wrapped_key();
    store
        .write(async |transaction| transaction.people().insert_user(user, &key).await)
        .await
}

async fn update(store: &Store, user: &User) -> Result<(), StoreError> {
    store
        .write(async |transaction| transaction.people().update_user(user).await)
        .await
}

async fn stored(store: &Store, user: UserId) -> Option<User> {
    let mut transaction = store.begin().await;
    transaction.people().find_user(user).await.expect("read")
}

/// All columns there and back, and the key with them.
pub async fn a_person_is_read_as_they_were_written(store: &Store) {
    let mut user = builders::user(&*store.ids);
    user.second_factor = Some(builders::second_factor());
    insert(store, &user).await.expect("a new person");
    assert_eq!(stored(store, user.id).await, Some(user.clone()));
    let mut transaction = store.begin().await;
    let people = transaction.people();
    let by_email = people.find_user_by_email(&user.email).await.expect("read");
    assert_eq!(by_email, Some(user.clone()));
    let key = people.find_user_key(user.id).await.expect("read");
    assert_eq!(key, Some(builders::wrapped_key()));
    let stranger = builders::user(&*store.ids);
    let nobody = people.find_user_by_email(&stranger.email).await;
    assert_eq!(nobody.expect("read"), None);
    let no_key = people.find_user_key(stranger.id).await;
    assert_eq!(no_key.expect("read"), None);
}

/// Two people cannot have one address, by whichever way they come to it.
pub async fn an_address_that_is_taken_is_a_conflict(store: &Store) {
    let first = store.person().await;
    let mut second = builders::user(&*store.ids);
    second.email = first.email.clone();
    let refused = insert(store, &second).await;
    let is_taken = |result: Result<(), StoreError>| {
        assert!(
            matches!(result, Err(StoreError::Conflict(Conflict::EmailAddress))),
            "{result:?}"
        );
    };
    is_taken(refused);
    let mut third = store.person().await;
    third.email = first.email;
    is_taken(update(store, &third).await);
}

/// Every mutable column, and only under the version that was read.
pub async fn an_update_of_a_person_needs_the_version_that_was_read(store: &Store) {
    let mut user = store.person().await;
    user.name = domain::names::PersonName::parse("Another name").expect("valid");
    "another hash".clone_into(&mut user.password.0);
    user.state = UserState::Disabled;
    user.is_operator = true;
    user.second_factor = Some(builders::second_factor());
    update(store, &user).await.expect("updated");
    let refused = update(store, &user).await;
    assert!(matches!(refused, Err(StoreError::VersionChanged)));
    user.version += 1;
    assert_eq!(stored(store, user.id).await, Some(user.clone()));
    user.second_factor = None;
    update(store, &user).await.expect("updated");
    user.version += 1;
    assert_eq!(stored(store, user.id).await, Some(user));
}

async fn replace_codes(store: &Store, user: UserId, codes: &[TokenHash]) {
    store
        .write(async |transaction| {
            transaction
                .people()
                .replace_recovery_codes(user, codes)
                .await
        })
        .await
        .expect("replaced");
}

async fn use_code(store: &Store, user: UserId, hashes: &[TokenHash]) -> bool {
    store
        .write(async |transaction| transaction.people().use_recovery_code(user, hashes).await)
        .await
        .expect("asked")
}

/// Each code once, of its person only, under its own pepper only; new ones replace old ones.
pub async fn a_recovery_code_is_good_once(store: &Store) {
    let (user, other) = (store.person().await, store.person().await);
    let codes: Vec<TokenHash> = (0..3).map(|_| builders::token_hash(&*store.ids)).collect();
    replace_codes(store, user.id, &codes).await;
    let of_other_pepper = TokenHash {
        pepper_id: "pepper-2".to_owned(),
        mac: codes[0].mac.clone(),
    };
    let presented = [of_other_pepper.clone(), codes[0].clone()];
    assert!(!use_code(store, other.id, &presented).await);
    assert!(!use_code(store, user.id, &[of_other_pepper]).await);
    assert!(!use_code(store, user.id, &[]).await);
    assert!(use_code(store, user.id, &presented).await);
    assert!(!use_code(store, user.id, &presented).await);
    let count = async || {
        let count = store.read_model.count_recovery_codes(user.id).await;
        count.expect("read")
    };
    assert_eq!(count().await, 2);
    let (first, second) = futures::join!(
        use_code(store, user.id, &codes[1..2]),
        use_code(store, user.id, &codes[1..2]),
    );
    assert!(first ^ second, "one of two at once");
    replace_codes(store, user.id, &[builders::token_hash(&*store.ids)]).await;
    assert!(!use_code(store, user.id, &codes[2..]).await);
    assert_eq!(count().await, 1);
}

async fn insert_link(store: &Store, link: &EmailLink) {
    store
        .write(async |transaction| transaction.people().insert_email_link(link).await)
        .await
        .expect("a new link");
}

async fn use_link(
    store: &Store,
    purpose: EmailLinkPurpose,
    hash: &TokenHash,
    now: Timestamp,
) -> Option<EmailLink> {
    store
        .write(async |transaction| {
            let hashes = [builders::token_hash(&*store.ids), hash.clone()];
            transaction
                .people()
                .use_email_link(purpose, &hashes, now)
                .await
        })
        .await
        .expect("asked")
}

/// A link is good for its purpose, before its end, once; and it takes its like along.
pub async fn a_link_is_good_once_for_its_purpose(store: &Store) {
    use EmailLinkPurpose::{PasswordReset, Verification};
    let (user, other) = (store.person().await, store.person().await);
    let link = |user: &User, purpose| builders::email_link(&*store.ids, user.id, purpose);
    let (first, second) = (link(&user, PasswordReset), link(&user, PasswordReset));
    let (verification, of_other) = (link(&user, Verification), link(&other, PasswordReset));
    for link in [&first, &second, &verification, &of_other] {
        insert_link(store, link).await;
    }
    let now = builders::moment();
    let too_late = builders::far_future();
    assert_eq!(use_link(store, Verification, &first.hash, now).await, None);
    assert_eq!(
        use_link(store, PasswordReset, &first.hash, too_late).await,
        None
    );
    let (one, two) = futures::join!(
        use_link(store, PasswordReset, &first.hash, now),
        use_link(store, PasswordReset, &first.hash, now),
    );
    assert!(one.is_some() ^ two.is_some(), "one of two at once");
    assert_eq!(one.or(two), Some(first.clone()));
    assert_eq!(use_link(store, PasswordReset, &first.hash, now).await, None);
    assert_eq!(
        use_link(store, PasswordReset, &second.hash, now).await,
        None
    );
    let used = use_link(store, Verification, &verification.hash, now).await;
    assert_eq!(used, Some(verification));
    let used = use_link(store, PasswordReset, &of_other.hash, now).await;
    assert_eq!(used, Some(of_other));
}

/// What a store keeps of a second factor is what it was given, down to the byte.
pub async fn a_second_factor_is_set_up_and_confirmed(store: &Store) {
    let mut user = store.person().await;
    let mut factor = builders::second_factor();
    factor.confirmed_at = None;
    factor.sealed_secret = SealedSecret(vec![0, 255, 1]);
    user.second_factor = Some(factor);
    update(store, &user).await.expect("updated");
    user.version += 1;
    let read = stored(store, user.id).await.expect("the person");
    assert_eq!(read, user);
    assert!(!read.has_second_factor());
}
