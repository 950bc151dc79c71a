use super::VerifyPlatformAccount;
use crate::sample::{
    CountingIds, HandClock, account, actor, beginning, commits, custody, foreign_team, owner, team,
    team_key, unit_of_work,
};
use domain::SecretText;
use domain::access::Permission;
use domain::audit::AuditOutcome;
use domain::error_code::ErrorCode;
use domain::limits;
use domain::platform_account::{
    DeletionConfirmation, PlatformAccount, PlatformAccountState, PlatformCredential, PlatformUid,
};
use domain::ports::{MockPlatformSignIn, MockTransaction, SignInError, SignedIn};
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn use_case(
    transactions: Vec<MockTransaction>,
    sign_in: MockPlatformSignIn,
) -> VerifyPlatformAccount {
    let clock = HandClock::default();
    clock.advance(Duration::from_secs(9));
    VerifyPlatformAccount {
        unit_of_work: unit_of_work(transactions),
        sign_in: Arc::new(sign_in),
        custody: custody(),
        ids: Arc::new(CountingIds::default()),
        clock: Arc::new(clock),
    }
}

fn finding(found: PlatformAccount) -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction
        .platform_accounts
        .expect_find_platform_account()
        .returning(move |_| Ok(Some(found.clone())));
    transaction
        .teams
        .expect_find_team_key()
        .returning(|_| Ok(Some(team_key())));
    transaction
}

/// The first transaction: the attempt is counted, and may go on unless it has to wait.
fn counting(found: PlatformAccount, wait: Option<Duration>) -> MockTransaction {
    let mut transaction = finding(found);
    transaction
        .login_throttle
        .expect_count_attempt()
        .withf(|subject, limit, window| {
            subject.contains(&account().id.to_string())
                && *limit == 1
                && *window == limits::CREDENTIAL_CHECK_INTERVAL
        })
        .times(1)
        .returning(move |_, _, _| Ok(wait));
    transaction
}

type Written = Arc<Mutex<Option<PlatformAccount>>>;

/// The second transaction: what came of it is stored and audited with this outcome.
fn storing(found: PlatformAccount, outcome: AuditOutcome) -> (MockTransaction, Written) {
    let mut transaction = finding(found);
    let written = Written::default();
    let writing = Arc::clone(&written);
    transaction
        .platform_accounts
        .expect_update_platform_account()
        .times(1)
        .returning(move |account| {
            *writing.lock().unwrap() = Some(account.clone());
            Ok(())
        });
    transaction
        .audit
        .expect_append_audit_event()
        .withf(move |event| event.action == "platform_account.verify" && event.outcome == outcome)
        .times(1)
        .returning(|_| Ok(()));
    (transaction, written)
}

/// A platform that takes the stored password, and is told that the session of the trial is over.
fn accepting() -> MockPlatformSignIn {
    let mut sign_in = MockPlatformSignIn::new();
    sign_in
        .expect_sign_in()
        .withf(|_, credential| {
            matches!(credential, PlatformCredential::Password { password, .. }
                if password.expose() == "pw")
        })
        .times(1)
        .returning(|_, _| {
            Ok(SignedIn {
                session_key: SecretText::new("trial".to_owned()),
                uid: PlatformUid(77),
            })
        });
    sign_in
        .expect_deletion_confirmation()
        .withf(|_, key, has_password| key.expose() == "trial" && *has_password)
        .returning(|_, _, _| Ok(DeletionConfirmation::AccountPassword));
    sign_in
        .expect_sign_out()
        .withf(|_, key| key.expose() == "trial")
        .times(1)
        .returning(|_, _| Ok(()));
    sign_in
}

fn answering(answer: SignInError) -> MockPlatformSignIn {
    let mut sign_in = MockPlatformSignIn::new();
    sign_in
        .expect_sign_in()
        .times(1)
        .return_once(|_, _| Err(answer));
    sign_in
}

#[tokio::test]
async fn it_demands_the_permission_before_anything_is_looked_up() {
    let nothing = || use_case(Vec::new(), MockPlatformSignIn::new());
    let viewer = actor(&[Permission::PlatformAccountView]);
    let error = nothing().run(&viewer, team()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::PermissionDenied);
    let error = nothing().run(&owner(), foreign_team()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::NotFound);
}

#[tokio::test]
async fn a_credential_that_works_heals_the_account_and_its_session_is_not_kept() {
    let broken = PlatformAccount {
        state: PlatformAccountState::NeedsReauthentication,
        ..account()
    };
    let (second, written) = storing(broken.clone(), AuditOutcome::Succeeded);
    let shown = use_case(vec![counting(broken, None), second], accepting())
        .run(&owner(), team())
        .await
        .unwrap();
    assert_eq!(shown.state, PlatformAccountState::Connected);
    assert_eq!(shown.deletion, DeletionConfirmation::AccountPassword);
    assert!(shown.checked_at > beginning());
    let written = written.lock().unwrap().clone().unwrap();
    // The session in force belongs to the same credential and goes on.
    assert_eq!(written.credential_version, account().credential_version);
    assert_eq!(
        (written.version, shown.version),
        (account().version, account().version + 1)
    );
}

#[tokio::test]
async fn a_refused_credential_is_a_state_and_no_failure() {
    for refusal in [
        SignInError::Refused { result: 701 },
        SignInError::SecondFactor,
    ] {
        let (second, written) = storing(account(), AuditOutcome::Failed);
        let shown = use_case(vec![counting(account(), None), second], answering(refusal))
            .run(&owner(), team())
            .await
            .unwrap();
        assert_eq!(shown.state, PlatformAccountState::NeedsReauthentication);
        let written = written.lock().unwrap().clone().unwrap();
        assert_eq!(written.state, PlatformAccountState::NeedsReauthentication);
        assert_eq!(written.checked_at, beginning(), "it was not seen to work");
    }
}

#[tokio::test]
async fn a_silent_platform_says_nothing_about_the_credential() {
    let counted = counting(account(), None);
    let silent = answering(SignInError::Unavailable("timed out".into()));
    let error = use_case(vec![counted], silent)
        .run(&owner(), team())
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::PlatformUnavailable);
}

#[tokio::test]
async fn a_second_trial_within_a_minute_is_told_when_and_the_platform_is_not_asked() {
    let counted = counting(account(), Some(Duration::from_secs(42)));
    let error = use_case(vec![counted], MockPlatformSignIn::new())
        .run(&owner(), team())
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::TooManyAttempts);
    assert_eq!(error.wait(), Some(Duration::from_secs(42)));
}

#[tokio::test]
async fn what_was_disconnected_has_nothing_to_try() {
    let gone = finding(account().disconnected());
    let error = use_case(vec![gone], MockPlatformSignIn::new())
        .run(&owner(), team())
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::PlatformAccountMissing);
}

#[tokio::test]
async fn a_verdict_about_a_credential_that_was_replaced_meanwhile_is_dropped() {
    let replaced = finding(account().disconnected());
    let counter = Arc::clone(&replaced.commits);
    let shown = use_case(vec![counting(account(), None), replaced], accepting())
        .run(&owner(), team())
        .await
        .unwrap();
    assert_eq!(shown.state, PlatformAccountState::Disconnected);
    assert_eq!(commits(&counter), 0);
}
