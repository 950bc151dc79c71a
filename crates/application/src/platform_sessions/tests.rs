use super::{RENEWAL_LEASE, RENEWAL_PATIENCE, StoredPlatformSessions};
use crate::sample::{
    HandClock, account, commits, custody, password_credential, process_id, team, team_key,
    token_credential, unit_of_work,
};
use domain::SecretText;
use domain::platform_account::{
    CredentialKind, PlatformAccount, PlatformAccountState, PlatformCredential, PlatformUid,
    StoredSession,
};
use domain::ports::{
    Clock, Instant, MockObserver, MockPlatformSignIn, MockReadModel, MockTransaction,
    PlatformSession, PlatformSessions, SessionError, SessionRenewal, SignInError, SignedIn,
};
use std::sync::Arc;

fn session(generation: i64, key: Option<&str>) -> StoredSession {
    let account = account();
    StoredSession {
        account_id: account.id,
        credential_version: account.credential_version,
        generation,
        sealed_key: key.map(|key| {
            custody()
                .seal_session_key(
                    &team_key(),
                    account.id,
                    team(),
                    &SecretText::new(key.to_owned()),
                )
                .unwrap()
        }),
    }
}

fn token_account() -> PlatformAccount {
    let account = account();
    let credential = token_credential("tok");
    PlatformAccount {
        credential_kind: CredentialKind::AccessToken,
        sealed_credential: custody()
            .seal_credential(&team_key(), account.id, team(), &credential)
            .unwrap(),
        ..account
    }
}

fn reading(found: Option<StoredSession>) -> MockReadModel {
    let mut read_model = MockReadModel::new();
    read_model
        .expect_find_session()
        .returning(move |_, _| Ok(found.clone().map(|session| (session, team_key()))));
    read_model
}

fn sessions(
    transactions: Vec<MockTransaction>,
    read_model: MockReadModel,
    sign_in: MockPlatformSignIn,
    clock: Arc<HandClock>,
) -> StoredPlatformSessions {
    StoredPlatformSessions {
        unit_of_work: unit_of_work(transactions),
        read_model: Arc::new(read_model),
        custody: custody(),
        sign_in: Arc::new(sign_in),
        clock,
        process_id: process_id(),
        observer: Arc::new(MockObserver::default()),
    }
}

/// Renews after `refused` was refused, with nothing read outside of transactions.
async fn renew(
    refused: i64,
    transactions: Vec<MockTransaction>,
    sign_in: MockPlatformSignIn,
) -> Result<PlatformSession, SessionError> {
    let sessions = sessions(transactions, MockReadModel::new(), sign_in, Arc::default());
    sessions.renew(&account().reference(), refused).await
}

/// A transaction that asks for the renewal of `refused` and is told this.
fn asking(stored: PlatformAccount, refused: i64, answer: SessionRenewal) -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction
        .platform_accounts
        .expect_find_platform_account()
        .returning(move |_| Ok(Some(stored.clone())));
    transaction
        .platform_accounts
        .expect_begin_session_renewal()
        .withf(move |id, generation, process, lease| {
            *id == account().id
                && *generation == refused
                && *process == process_id()
                && *lease == RENEWAL_LEASE
        })
        .times(1)
        .return_once(move |_, _, _, _| Ok(answer));
    transaction
        .teams
        .expect_find_team_key()
        .returning(|_| Ok(Some(team_key())));
    transaction
}

fn yours(current: StoredSession) -> SessionRenewal {
    SessionRenewal::Yours { current }
}

/// A transaction that stores the session after `generation`, or finds that it must not.
fn storing(generation: i64, is_stored: bool) -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction
        .platform_accounts
        .expect_store_session()
        .withf(move |id, version, expected, sealed| {
            *id == account().id
                && *version == account().credential_version
                && *expected == generation
                && custody()
                    .open_session_key(&team_key(), *id, team(), sealed)
                    .is_ok_and(|key| key.expose() == "fresh")
        })
        .times(1)
        .returning(move |_, _, _, _| Ok(is_stored));
    transaction
}

/// A transaction that marks the account as needing its owner.
fn marking() -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction
        .platform_accounts
        .expect_mark_needs_reauthentication()
        .withf(|id, version| *id == account().id && *version == account().credential_version)
        .times(1)
        .returning(|_, _| Ok(()));
    transaction
}

fn signing_in() -> MockPlatformSignIn {
    let mut sign_in = MockPlatformSignIn::new();
    sign_in
        .expect_sign_in()
        .withf(|_, credential| match credential {
            PlatformCredential::Password { password, .. } => {
                let PlatformCredential::Password { password: own, .. } = password_credential("pw")
                else {
                    return false;
                };
                password.expose() == own.expose()
            }
            PlatformCredential::AccessToken { token } => token.expose() == "tok",
        })
        .times(1)
        .returning(|_, _| {
            Ok(SignedIn {
                session_key: SecretText::new("fresh".to_owned()),
                uid: PlatformUid(77),
            })
        });
    sign_in
}

fn answering(error: SignInError) -> MockPlatformSignIn {
    let mut sign_in = MockPlatformSignIn::new();
    sign_in
        .expect_sign_in()
        .times(1)
        .return_once(|_, _| Err(error));
    sign_in
}

#[tokio::test]
async fn the_session_in_force_is_used_without_asking_anybody() {
    let sessions = sessions(
        Vec::new(),
        reading(Some(session(7, Some("kept")))),
        MockPlatformSignIn::new(),
        Arc::default(),
    );
    let found = sessions.current(&account().reference()).await.ok().unwrap();
    assert_eq!((found.key.expose(), found.generation), ("kept", 7));
}

#[tokio::test]
async fn without_a_stored_key_there_is_one_sign_in() {
    for stored in [account(), token_account()] {
        let sessions = sessions(
            vec![asking(stored, 0, yours(session(0, None))), storing(0, true)],
            reading(Some(session(0, None))),
            signing_in(),
            Arc::default(),
        );
        let found = sessions.current(&account().reference()).await.ok().unwrap();
        assert_eq!((found.key.expose(), found.generation), ("fresh", 1));
    }
}

#[tokio::test]
async fn a_refused_password_session_is_renewed_by_one_sign_in() {
    let stored = storing(7, true);
    let counter = Arc::clone(&stored.commits);
    let asked = asking(account(), 7, yours(session(7, Some("stale"))));
    let found = renew(7, vec![asked, stored], signing_in()).await;
    assert_eq!(found.ok().unwrap().generation, 8);
    assert_eq!(commits(&counter), 1);
}

#[tokio::test]
async fn a_refusal_of_an_older_session_only_loads_the_newer_one() {
    let newer = SessionRenewal::Newer(session(9, Some("newer")));
    let found = renew(
        8,
        vec![asking(account(), 8, newer)],
        MockPlatformSignIn::new(),
    )
    .await;
    let found = found.ok().unwrap();
    assert_eq!((found.key.expose(), found.generation), ("newer", 9));
}

#[tokio::test]
async fn a_renewal_that_somebody_else_makes_is_waited_for() {
    let clock = Arc::new(HandClock::default());
    let before = clock.instant();
    let transactions = vec![
        asking(account(), 8, SessionRenewal::InProgress),
        asking(account(), 8, SessionRenewal::InProgress),
        asking(
            account(),
            8,
            SessionRenewal::Newer(session(9, Some("newer"))),
        ),
    ];
    let sessions = sessions(
        transactions,
        MockReadModel::new(),
        MockPlatformSignIn::new(),
        Arc::clone(&clock),
    );
    let found = sessions
        .renew(&account().reference(), 8)
        .await
        .ok()
        .unwrap();
    assert_eq!(found.key.expose(), "newer");
    let waited = before.until(clock.instant());
    assert_eq!(waited, 2 * super::RENEWAL_POLL);
}

#[tokio::test]
async fn waiting_for_somebody_elses_renewal_has_an_end() {
    let clock = Arc::new(HandClock::default());
    let before: Instant = clock.instant();
    let looks = 1 + RENEWAL_PATIENCE.as_millis() / super::RENEWAL_POLL.as_millis();
    let transactions = (0..looks)
        .map(|_| asking(account(), 8, SessionRenewal::InProgress))
        .collect();
    let sessions = sessions(
        transactions,
        MockReadModel::new(),
        MockPlatformSignIn::new(),
        Arc::clone(&clock),
    );
    let end = sessions.renew(&account().reference(), 8).await;
    assert!(matches!(end, Err(SessionError::Unavailable(_))));
    assert_eq!(before.until(clock.instant()), RENEWAL_PATIENCE);
}

#[tokio::test]
async fn a_refused_access_token_is_never_presented_again() {
    let marked = marking();
    let counter = Arc::clone(&marked.commits);
    let asked = asking(token_account(), 7, yours(session(7, Some("tok"))));
    // No expectation on signing in: presenting the token again would panic.
    let end = renew(7, vec![asked, marked], MockPlatformSignIn::new()).await;
    assert!(matches!(end, Err(SessionError::NeedsReauthentication)));
    assert_eq!(commits(&counter), 1);
}

#[tokio::test]
async fn a_credential_that_the_platform_refuses_is_marked_and_not_tried_again() {
    for answer in [
        SignInError::Refused { result: 701 },
        SignInError::SecondFactor,
    ] {
        let marked = marking();
        let counter = Arc::clone(&marked.commits);
        let asked = asking(account(), 7, yours(session(7, Some("stale"))));
        let end = renew(7, vec![asked, marked], answering(answer)).await;
        assert!(matches!(end, Err(SessionError::NeedsReauthentication)));
        assert_eq!(commits(&counter), 1);
    }
    let known = PlatformAccount {
        state: PlatformAccountState::NeedsReauthentication,
        ..account()
    };
    let mut asked = MockTransaction::default();
    asked
        .platform_accounts
        .expect_find_platform_account()
        .returning(move |_| Ok(Some(known.clone())));
    let end = renew(7, vec![asked], MockPlatformSignIn::new()).await;
    assert!(matches!(end, Err(SessionError::NeedsReauthentication)));
}

#[tokio::test]
async fn a_disconnected_account_has_no_session_and_nobody_signs_in() {
    let gone = account().disconnected();
    let (known, reference) = (gone.clone(), gone.reference());
    let mut asked = MockTransaction::default();
    asked
        .platform_accounts
        .expect_find_platform_account()
        .returning(move |_| Ok(Some(known.clone())));
    let emptied = StoredSession {
        credential_version: gone.credential_version,
        ..session(7, None)
    };
    let sessions = sessions(
        vec![asked],
        reading(Some(emptied)),
        MockPlatformSignIn::new(),
        Arc::default(),
    );
    let end = sessions.current(&reference).await;
    assert!(matches!(end, Err(SessionError::NeedsReauthentication)));
}

#[tokio::test]
async fn when_the_platform_is_silent_the_renewal_is_left_to_the_next_one() {
    let mut abandoned = MockTransaction::default();
    abandoned
        .platform_accounts
        .expect_abandon_session_renewal()
        .withf(|id, process| *id == account().id && *process == process_id())
        .times(1)
        .returning(|_, _| Ok(()));
    let counter = Arc::clone(&abandoned.commits);
    let asked = asking(account(), 7, yours(session(7, Some("stale"))));
    let silent = answering(SignInError::Unavailable("timed out".into()));
    let end = renew(7, vec![asked, abandoned], silent).await;
    assert!(matches!(end, Err(SessionError::Unavailable(_))));
    assert_eq!(commits(&counter), 1);
}

#[tokio::test]
async fn a_replaced_credential_gives_no_session_to_those_who_knew_the_old_one() {
    let replaced = PlatformAccount {
        credential_version: account().credential_version + 1,
        ..account()
    };
    let mut asked = MockTransaction::default();
    asked
        .platform_accounts
        .expect_find_platform_account()
        .returning(move |_| Ok(Some(replaced.clone())));
    let end = renew(7, vec![asked], MockPlatformSignIn::new()).await;
    assert!(matches!(end, Err(SessionError::AccountChanged)));

    let newer = StoredSession {
        credential_version: account().credential_version + 1,
        ..session(9, Some("another's"))
    };
    for found in [None, Some(newer)] {
        let sessions = sessions(
            Vec::new(),
            reading(found),
            MockPlatformSignIn::new(),
            Arc::default(),
        );
        let end = sessions.current(&account().reference()).await;
        assert!(matches!(end, Err(SessionError::AccountChanged)));
    }
}

#[tokio::test]
async fn a_session_that_may_not_be_stored_is_not_used() {
    let asked = asking(account(), 7, yours(session(7, Some("stale"))));
    let end = renew(7, vec![asked, storing(7, false)], signing_in()).await;
    assert!(matches!(end, Err(SessionError::AccountChanged)));
}
