use super::{ConnectPlatformAccount, ConnectPlatformAccountCommand};
use crate::UseCaseError;
use crate::sample::{
    CountingIds, HandClock, account, actor, beginning, commits, custody, foreign_team, owner,
    owner_in_browser, password_credential, platform_name, team, team_key, token_credential,
    unit_of_work,
};
use domain::SecretText;
use domain::access::Permission;
use domain::error_code::ErrorCode;
use domain::limits;
use domain::platform_account::{
    CredentialKind, DeletionConfirmation, PlatformAccount, PlatformAccountState,
    PlatformCredential, PlatformUid, StoredSession,
};
use domain::ports::{
    CommitError, Conflict, MockPlatformSignIn, MockTransaction, SignInError, SignedIn, StoreError,
};
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn command(credential: PlatformCredential) -> ConnectPlatformAccountCommand {
    ConnectPlatformAccountCommand {
        team_id: team(),
        platform: platform_name(),
        credential,
        confirmation_password: None,
    }
}

fn use_case(
    transactions: Vec<MockTransaction>,
    sign_in: MockPlatformSignIn,
) -> ConnectPlatformAccount {
    let clock = HandClock::default();
    clock.advance(Duration::from_secs(9));
    ConnectPlatformAccount {
        unit_of_work: unit_of_work(transactions),
        sign_in: Arc::new(sign_in),
        custody: custody(),
        ids: Arc::new(CountingIds::default()),
        clock: Arc::new(clock),
        demands_second_factor: true,
    }
}

/// A platform that accepts the credential; it must be told whether a password is in custody.
fn accepting_platform(has_password: bool) -> MockPlatformSignIn {
    let mut sign_in = MockPlatformSignIn::new();
    sign_in.expect_sign_in().times(1).returning(|_, _| {
        Ok(SignedIn {
            session_key: SecretText::new("session-1".to_owned()),
            uid: PlatformUid(78),
        })
    });
    sign_in
        .expect_deletion_confirmation()
        .withf(move |_, session, told| session.expose() == "session-1" && *told == has_password)
        .returning(|_, _, _| Ok(DeletionConfirmation::EnvironmentName));
    sign_in
}

/// What a transaction was asked to store.
#[derive(Default, Clone)]
struct Stored {
    account: Option<PlatformAccount>,
    session_of_version: Option<i64>,
    after_generation: Option<i64>,
    session_key: Option<String>,
}

/// A transaction of a team whose account, so far, is this one.
fn storing(existing: Option<PlatformAccount>) -> (MockTransaction, Arc<Mutex<Stored>>) {
    let stored = Arc::new(Mutex::new(Stored::default()));
    let mut transaction = MockTransaction::default();
    let MockTransaction {
        teams,
        platform_accounts,
        audit,
        ..
    } = &mut transaction;
    teams
        .expect_find_team_key()
        .returning(|_| Ok(Some(team_key())));
    let generation = if existing.is_some() { 4 } else { 0 };
    let insert = Arc::clone(&stored);
    let update = Arc::clone(&stored);
    platform_accounts
        .expect_insert_platform_account()
        .times(usize::from(existing.is_none()))
        .returning(move |account| {
            insert.lock().unwrap().account = Some(account.clone());
            Ok(())
        });
    platform_accounts
        .expect_update_platform_account()
        .times(usize::from(existing.is_some()))
        .returning(move |account| {
            update.lock().unwrap().account = Some(account.clone());
            Ok(())
        });
    platform_accounts
        .expect_find_platform_account()
        .returning(move |_| Ok(existing.clone()));
    platform_accounts
        .expect_find_session()
        .returning(move |id| {
            Ok(Some(StoredSession {
                account_id: id,
                credential_version: 1,
                generation,
                sealed_key: None,
            }))
        });
    let session = Arc::clone(&stored);
    platform_accounts.expect_store_session().times(1).returning(
        move |id, version, generation, sealed| {
            let mut stored = session.lock().unwrap();
            let opened = custody()
                .open_session_key(&team_key(), id, team(), sealed)
                .unwrap();
            stored.session_of_version = Some(version);
            stored.after_generation = Some(generation);
            stored.session_key = Some(opened.expose().to_owned());
            Ok(true)
        },
    );
    audit
        .expect_append_audit_event()
        .times(1)
        .withf(|event| event.action == "platform_account.connect")
        .returning(|_| Ok(()));
    (transaction, stored)
}

#[tokio::test]
async fn without_the_permission_the_platform_is_not_asked() {
    let caller = actor(&[Permission::PlatformAccountView]);
    // No expectation on the platform and no transaction: any use would panic.
    let error = use_case(Vec::new(), MockPlatformSignIn::new())
        .run(&caller, command(password_credential("pw")))
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::PermissionDenied);
    let foreign = ConnectPlatformAccountCommand {
        team_id: foreign_team(),
        ..command(password_credential("pw"))
    };
    let error = use_case(Vec::new(), MockPlatformSignIn::new())
        .run(&owner(), foreign)
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::NotFound);
}

#[tokio::test]
async fn a_token_and_a_proof_of_long_ago_are_not_enough_and_the_platform_is_not_asked() {
    let error = use_case(Vec::new(), MockPlatformSignIn::new())
        .run(&owner(), command(password_credential("pw")))
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::StepUpRequired);
    let clock = HandClock::default();
    clock.advance(limits::STEP_UP_WINDOW + Duration::from_secs(1));
    let late = ConnectPlatformAccount {
        clock: Arc::new(clock),
        ..use_case(Vec::new(), MockPlatformSignIn::new())
    };
    let error = late
        .run(&owner_in_browser(true), command(password_credential("pw")))
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::StepUpRequired);
}

#[tokio::test]
async fn an_owner_without_second_factor_connects_only_where_that_is_allowed() {
    let caller = owner_in_browser(false);
    let error = use_case(Vec::new(), MockPlatformSignIn::new())
        .run(&caller, command(password_credential("pw")))
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::SecondFactorRequired);
    let (transaction, _) = storing(None);
    let relaxed = ConnectPlatformAccount {
        demands_second_factor: false,
        ..use_case(vec![transaction], accepting_platform(true))
    };
    let connected = relaxed
        .run(&caller, command(password_credential("pw")))
        .await;
    assert_eq!(connected.unwrap().state, PlatformAccountState::Connected);
}

#[tokio::test]
async fn a_disconnected_account_is_connected_again_as_the_same_account() {
    let (transaction, stored) = storing(Some(account().disconnected()));
    let connected = use_case(vec![transaction], accepting_platform(true))
        .run(
            &owner_in_browser(true),
            command(password_credential("again")),
        )
        .await
        .unwrap();
    assert_eq!(connected.id, account().id);
    assert_eq!(connected.state, PlatformAccountState::Connected);
    // Work of before the disconnection proves nothing now.
    assert_eq!(
        connected.credential_version,
        account().credential_version + 2
    );
    let stored = stored.lock().unwrap().clone();
    assert_eq!(
        stored.session_of_version,
        Some(connected.credential_version)
    );
}

/// The platform says no; no transaction may be begun.
async fn refused(answer: SignInError) -> UseCaseError {
    let mut sign_in = MockPlatformSignIn::new();
    sign_in
        .expect_sign_in()
        .times(1)
        .return_once(|_, _| Err(answer));
    use_case(Vec::new(), sign_in)
        .run(
            &owner_in_browser(true),
            command(password_credential("wrong")),
        )
        .await
        .unwrap_err()
}

#[tokio::test]
async fn a_refused_credential_is_not_stored() {
    let error = refused(SignInError::Refused { result: 701 }).await;
    assert_eq!(error.code(), ErrorCode::PlatformCredentialRefused);
    assert_eq!(error.pointer(), Some("/credential"));
}

#[tokio::test]
async fn a_second_factor_is_answered_with_the_way_around_it() {
    let error = refused(SignInError::SecondFactor).await;
    assert_eq!(error.code(), ErrorCode::PlatformCredentialRefused);
    assert!(error.detail().contains("personal access token"), "{error}");
}

#[tokio::test]
async fn an_unknown_platform_points_to_the_field() {
    let error = refused(SignInError::UnknownPlatform).await;
    assert_eq!(error.code(), ErrorCode::ValidationFailed);
    assert_eq!(error.pointer(), Some("/platform"));
}

#[tokio::test]
async fn a_silent_platform_is_no_refusal_of_the_credential() {
    let error = refused(SignInError::Unavailable("timed out".into())).await;
    assert_eq!(error.code(), ErrorCode::PlatformUnavailable);
}

#[tokio::test]
async fn a_first_connection_stores_account_credential_and_session_together() {
    let (transaction, stored) = storing(None);
    let counter = Arc::clone(&transaction.commits);
    let connected = use_case(vec![transaction], accepting_platform(true))
        .run(&owner_in_browser(true), command(password_credential("pw")))
        .await
        .unwrap();
    assert_eq!(commits(&counter), 1);
    let stored = stored.lock().unwrap().clone();
    assert_eq!(stored.account.as_ref(), Some(&connected));
    assert_eq!((connected.credential_version, connected.version), (1, 1));
    assert_eq!(connected.platform_uid, PlatformUid(78));
    assert_eq!(connected.deletion, DeletionConfirmation::EnvironmentName);
    assert_eq!(stored.session_of_version, Some(1));
    assert_eq!(stored.after_generation, Some(0));
    assert_eq!(stored.session_key.as_deref(), Some("session-1"));
    let credential = custody().open_credential(&team_key(), &connected).unwrap();
    let PlatformCredential::Password { login, password } = credential else {
        panic!("a password was stored");
    };
    assert_eq!(login.as_str(), "owner@example.com");
    assert_eq!(password.expose(), "pw");
}

#[tokio::test]
async fn an_access_token_is_kept_as_it_is_and_counts_as_no_password() {
    let (transaction, _) = storing(None);
    let connected = use_case(vec![transaction], accepting_platform(false))
        .run(&owner_in_browser(true), command(token_credential("tok")))
        .await
        .unwrap();
    assert_eq!(connected.credential_kind, CredentialKind::AccessToken);
    assert_eq!(connected.sealed_confirmation, None);
    let credential = custody().open_credential(&team_key(), &connected).unwrap();
    let PlatformCredential::AccessToken { token } = credential else {
        panic!("a token was stored");
    };
    assert_eq!(token.expose(), "tok");
}

#[tokio::test]
async fn a_confirmation_password_beside_a_token_is_sealed_in_its_own_place() {
    let (transaction, _) = storing(None);
    let with_confirmation = ConnectPlatformAccountCommand {
        confirmation_password: Some(SecretText::new("confirm".to_owned())),
        ..command(token_credential("tok"))
    };
    let connected = use_case(vec![transaction], accepting_platform(true))
        .run(&owner_in_browser(true), with_confirmation)
        .await
        .unwrap();
    let wanting_password = PlatformAccount {
        deletion: DeletionConfirmation::AccountPassword,
        ..connected
    };
    let confirmation = custody()
        .deletion_confirmation(&team_key(), &wanting_password, "shop-abc123")
        .unwrap();
    assert_eq!(confirmation.unwrap().expose(), "confirm");
}

#[tokio::test]
async fn replacing_the_credential_raises_its_version_and_heals_the_account() {
    let broken = PlatformAccount {
        state: PlatformAccountState::NeedsReauthentication,
        ..account()
    };
    let (transaction, stored) = storing(Some(broken.clone()));
    let connected = use_case(vec![transaction], accepting_platform(true))
        .run(&owner_in_browser(true), command(password_credential("new")))
        .await
        .unwrap();
    let written = stored.lock().unwrap().clone();
    assert_eq!(connected.id, broken.id);
    assert_eq!(connected.state, PlatformAccountState::Connected);
    assert_eq!(connected.credential_version, broken.credential_version + 1);
    assert_eq!(connected.created_at, beginning());
    assert!(connected.checked_at > beginning());
    // Written under the version that was read; what is returned is what is stored afterwards.
    assert_eq!(written.account.unwrap().version, broken.version);
    assert_eq!(connected.version, broken.version + 1);
    assert_eq!(
        written.session_of_version,
        Some(broken.credential_version + 1)
    );
    assert_eq!(written.after_generation, Some(4));
}

#[tokio::test]
async fn two_first_connections_at_once_do_not_overwrite_each_other() {
    let mut transaction = MockTransaction::default();
    transaction
        .teams
        .expect_find_team_key()
        .returning(|_| Ok(Some(team_key())));
    transaction
        .platform_accounts
        .expect_find_platform_account()
        .returning(|_| Ok(None));
    transaction
        .platform_accounts
        .expect_insert_platform_account()
        .returning(|_| Err(StoreError::Conflict(Conflict::PlatformAccount)));
    let counter = Arc::clone(&transaction.commits);
    let error = use_case(vec![transaction], accepting_platform(true))
        .run(&owner_in_browser(true), command(password_credential("pw")))
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::TemporarilyUnavailable);
    assert_eq!(commits(&counter), 0);
}

#[tokio::test]
async fn a_lost_commit_is_not_reported_as_failure() {
    let (mut transaction, _) = storing(None);
    transaction.commit_error = Some(CommitError::OutcomeUnknown("connection reset".into()));
    let error = use_case(vec![transaction], accepting_platform(true))
        .run(&owner_in_browser(true), command(password_credential("pw")))
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::OutcomeUnknown);
}
