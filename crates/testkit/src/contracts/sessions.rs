//! Platform accounts and the renewal of their sessions.

use super::Store;
use crate::builders;
use crate::wait;
use domain::ids::ProcessId;
use domain::platform_account::{
    CredentialKind, DeletionConfirmation, PlatformAccount, PlatformAccountState, StoredSession,
};
use domain::ports::{Conflict, SessionRenewal, StoreError};
use domain::sealed::SealedSecret;
use futures::future::join_all;
use std::time::Duration;

const LEASE: Duration = Duration::from_mins(1);

async fn begin_renewal(
    store: &Store,
    account: &PlatformAccount,
    refused_generation: i64,
    process: ProcessId,
    lease: Duration,
) -> SessionRenewal {
    let mut transaction = store.begin().await;
    let renewal = transaction
        .platform_accounts()
        .begin_session_renewal(account.id, refused_generation, process, lease)
        .await
        .expect("asked");
    transaction.commit().await.expect("committed");
    renewal
}

async fn store_session(
    store: &Store,
    account: &PlatformAccount,
    credential_version: i64,
    generation: i64,
    key: &str,
) -> bool {
    let key = SealedSecret(key.as_bytes().to_vec());
    let mut transaction = store.begin().await;
    let is_stored = transaction
        .platform_accounts()
        .store_session(account.id, credential_version, generation, &key)
        .await
        .expect("asked");
    transaction.commit().await.expect("committed");
    is_stored
}

async fn session(store: &Store, account: &PlatformAccount) -> StoredSession {
    let mut transaction = store.begin().await;
    let found = transaction
        .platform_accounts()
        .find_session(account.id)
        .await;
    found.expect("read").expect("the session row")
}

async fn update(store: &Store, account: &PlatformAccount) -> Result<(), StoreError> {
    let mut transaction = store.begin().await;
    transaction
        .platform_accounts()
        .update_platform_account(account)
        .await?;
    transaction.commit().await.expect("committed");
    Ok(())
}

async fn stored_account(store: &Store, account: &PlatformAccount) -> PlatformAccount {
    let mut transaction = store.begin().await;
    let found = transaction
        .platform_accounts()
        .find_platform_account(account.team_id)
        .await;
    found.expect("read").expect("the account")
}

/// Every field, changed or not; the version guards the change.
pub async fn an_account_is_read_as_it_was_written(store: &Store) {
    let mut account = store.team().await;
    assert_eq!(stored_account(store, &account).await, account);
    account.credential_kind = CredentialKind::AccessToken;
    account.sealed_credential = SealedSecret(b"another".to_vec());
    account.sealed_confirmation = Some(SealedSecret(b"confirmation".to_vec()));
    account.state = PlatformAccountState::NeedsReauthentication;
    account.deletion = DeletionConfirmation::AccountPassword;
    update(store, &account).await.expect("updated");
    let refused = update(store, &account).await;
    assert!(matches!(refused, Err(StoreError::VersionChanged)));
    account.version += 1;
    assert_eq!(stored_account(store, &account).await, account);
}

/// One account a team.
pub async fn a_second_account_of_a_team_is_a_conflict(store: &Store) {
    let account = store.team().await;
    let second = builders::platform_account(&*store.ids, account.team_id);
    let mut transaction = store.begin().await;
    let refused = transaction
        .platform_accounts()
        .insert_platform_account(&second)
        .await;
    assert!(matches!(
        refused,
        Err(StoreError::Conflict(Conflict::PlatformAccount))
    ));
}

/// However many ask for one generation, one of them may sign in.
pub async fn of_sixteen_that_renew_at_once_one_signs_in(store: &Store) {
    let account = store.team().await;
    let asking = (0..16).map(|_| begin_renewal(store, &account, 0, store.process(), LEASE));
    let answers = join_all(asking).await;
    let is_mine = |answer: &&SessionRenewal| matches!(answer, SessionRenewal::Yours { .. });
    assert_eq!(answers.iter().filter(is_mine).count(), 1);
    let waiting = answers
        .iter()
        .filter(|answer| **answer == SessionRenewal::InProgress);
    assert_eq!(waiting.count(), 15);
}

/// A refusal of a session that was replaced meanwhile is answered with the replacement.
pub async fn who_is_late_gets_the_newer_session(store: &Store) {
    let account = store.team().await;
    begin_renewal(store, &account, 0, store.process(), LEASE).await;
    assert!(store_session(store, &account, 1, 0, "first").await);
    let stored = session(store, &account).await;
    assert_eq!(stored.generation, 1);
    assert_eq!(stored.sealed_key, Some(SealedSecret(b"first".to_vec())));
    let late = begin_renewal(store, &account, 0, store.process(), LEASE).await;
    assert_eq!(late, SessionRenewal::Newer(stored.clone()));
    // The renewal has ended, so the next generation can be renewed at once.
    let next = begin_renewal(store, &account, 1, store.process(), LEASE).await;
    assert_eq!(next, SessionRenewal::Yours { current: stored });
}

/// A slow sign-in never overwrites what came after it began.
pub async fn a_session_of_an_older_generation_or_credential_is_refused(store: &Store) {
    let account = store.team().await;
    assert!(store_session(store, &account, 1, 0, "first").await);
    assert!(!store_session(store, &account, 1, 0, "again").await);
    assert!(!store_session(store, &account, 2, 1, "of another credential").await);
    let stored = session(store, &account).await;
    assert_eq!(stored.sealed_key, Some(SealedSecret(b"first".to_vec())));
}

/// A renewal ends when its process gives up or its lease has passed, not before.
pub async fn an_abandoned_or_expired_renewal_can_be_begun_again(store: &Store) {
    let account = store.team().await;
    let (first, second) = (store.process(), store.process());
    begin_renewal(store, &account, 0, first, LEASE).await;
    for (process, expected_open) in [(second, false), (first, true)] {
        let mut transaction = store.begin().await;
        let abandoned = transaction
            .platform_accounts()
            .abandon_session_renewal(account.id, process)
            .await;
        abandoned.expect("asked");
        transaction.commit().await.expect("committed");
        let brief = Duration::from_millis(1);
        let renewal = begin_renewal(store, &account, 0, second, brief).await;
        assert_eq!(renewal != SessionRenewal::InProgress, expected_open);
    }
    wait::until("the lease has passed", Duration::from_secs(5), async || {
        let renewal = begin_renewal(store, &account, 0, first, LEASE).await;
        matches!(renewal, SessionRenewal::Yours { .. }).then_some(())
    })
    .await;
}

/// The old session is worthless, and its generation is not used again.
pub async fn a_new_credential_drops_the_session(store: &Store) {
    let mut account = store.team().await;
    assert!(store_session(store, &account, 1, 0, "first").await);
    let before = session(store, &account).await;
    account.platform_uid.0 += 1;
    update(store, &account).await.expect("updated");
    assert_eq!(session(store, &account).await, before);
    account.version += 1;
    account.credential_version = 2;
    update(store, &account).await.expect("updated");
    let after = session(store, &account).await;
    assert_eq!((after.sealed_key, after.credential_version), (None, 2));
    assert!(after.generation > before.generation);
    assert!(!store_session(store, &account, 1, after.generation, "old").await);
    assert!(store_session(store, &account, 2, after.generation, "new").await);
}

/// What the owner took back is destroyed, and a late refusal does not call for it again.
pub async fn a_disconnected_account_keeps_no_credential(store: &Store) {
    let mut account = store.team().await;
    account.state = PlatformAccountState::Disconnected;
    let refused = update(store, &account).await;
    assert!(
        matches!(refused, Err(StoreError::Conflict(Conflict::Other))),
        "{refused:?}"
    );
    account.sealed_credential = SealedSecret(Vec::new());
    account.credential_version += 1;
    update(store, &account).await.expect("updated");
    account.version += 1;
    let mut transaction = store.begin().await;
    let marked = transaction
        .platform_accounts()
        .mark_needs_reauthentication(account.id, account.credential_version)
        .await;
    marked.expect("asked");
    transaction.commit().await.expect("committed");
    assert_eq!(stored_account(store, &account).await, account);
}

/// A refusal of yesterday's credential says nothing about today's.
pub async fn only_the_refused_credential_is_marked(store: &Store) {
    let account = store.team().await;
    for (credential_version, expected) in [
        (0, PlatformAccountState::Connected),
        (1, PlatformAccountState::NeedsReauthentication),
    ] {
        let mut transaction = store.begin().await;
        let marked = transaction
            .platform_accounts()
            .mark_needs_reauthentication(account.id, credential_version)
            .await;
        marked.expect("asked");
        transaction.commit().await.expect("committed");
        let stored = stored_account(store, &account).await;
        assert_eq!(stored.state, expected);
    }
}
