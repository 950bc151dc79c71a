use super::CredentialRemoval;
use crate::sample::{HandClock, account, custody, team_key};
use domain::SecretText;
use domain::platform_account::{
    CredentialKind, PlatformAccount, PlatformAccountState, StoredSession,
};
use domain::ports::{MockPlatformSignIn, MockTransaction, SignInError};
use domain::sealed::SealedSecret;
use std::sync::Arc;

fn removal(sign_in: MockPlatformSignIn) -> CredentialRemoval {
    CredentialRemoval {
        sign_in: Arc::new(sign_in),
        custody: custody(),
        clock: Arc::new(HandClock::default()),
    }
}

fn destroying() -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction
        .platform_accounts
        .expect_update_platform_account()
        .withf(|written| {
            written.state == PlatformAccountState::Disconnected
                && written.sealed_credential.0.is_empty()
        })
        .times(1)
        .returning(|_| Ok(()));
    transaction
}

fn with_session(sealed_key: SealedSecret) -> MockTransaction {
    let mut transaction = destroying();
    transaction
        .platform_accounts
        .expect_find_session()
        .returning(move |account_id| {
            Ok(Some(StoredSession {
                account_id,
                credential_version: 3,
                generation: 1,
                sealed_key: Some(sealed_key.clone()),
            }))
        });
    transaction
        .teams
        .expect_find_team_key()
        .returning(|_| Ok(Some(team_key())));
    transaction
}

#[tokio::test]
async fn what_is_disconnected_has_nothing_to_remove() {
    let account = account().disconnected();
    let mut transaction = MockTransaction::default();
    let removal = removal(MockPlatformSignIn::new());
    let removed = removal.remove(&mut transaction, account).await;
    assert!(removed.unwrap().is_none());
}

#[tokio::test]
async fn an_access_token_is_not_signed_out_and_an_unreadable_session_is_removed_all_the_same() {
    // No expectation on signing out: it would panic.
    let removal = removal(MockPlatformSignIn::new());
    let by_token = PlatformAccount {
        credential_kind: CredentialKind::AccessToken,
        ..account()
    };
    let unreadable = with_session(SealedSecret(b"noise".to_vec()));
    for (mut transaction, account) in [(destroying(), by_token), (unreadable, account())] {
        let removed = removal.remove(&mut transaction, account).await.unwrap();
        removal.sign_out(removed.unwrap()).await;
    }
}

#[tokio::test]
async fn a_platform_that_does_not_answer_is_not_waited_for() {
    let key = SecretText::new("a-session".to_owned());
    let sealed = custody()
        .seal_session_key(&team_key(), account().id, account().team_id, &key)
        .unwrap();
    let mut sign_in = MockPlatformSignIn::new();
    sign_in
        .expect_sign_out()
        .withf(|_, key| key.expose() == "a-session")
        .times(1)
        .returning(|_, _| Err(SignInError::Unavailable("down".into())));
    let removal = removal(sign_in);
    let removed = removal
        .remove(&mut with_session(sealed), account())
        .await
        .unwrap();
    removal.sign_out(removed.unwrap()).await;
}
