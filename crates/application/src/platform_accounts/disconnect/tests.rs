use super::{CredentialRemoval, DisconnectPlatformAccount};
use crate::sample::{
    CountingIds, HandClock, account, actor, commits, custody, foreign_team, owner,
    owner_in_browser, platform_name, team, team_key, unit_of_work,
};
use domain::SecretText;
use domain::access::{Permission, Principal};
use domain::audit::AuditOutcome;
use domain::error_code::ErrorCode;
use domain::platform_account::{
    CredentialKind, PlatformAccount, PlatformAccountState, StoredSession,
};
use domain::ports::{CommitError, MockPlatformSignIn, MockTransaction, SignInError};
use std::sync::Arc;
use std::sync::atomic::Ordering;

fn use_case(
    transactions: Vec<MockTransaction>,
    sign_in: MockPlatformSignIn,
) -> DisconnectPlatformAccount {
    DisconnectPlatformAccount {
        unit_of_work: unit_of_work(transactions),
        removal: CredentialRemoval {
            sign_in: Arc::new(sign_in),
            custody: custody(),
            clock: Arc::new(HandClock::default()),
        },
        ids: Arc::new(CountingIds::default()),
        clock: Arc::new(HandClock::default()),
    }
}

/// The team has this account and its session is in force.
fn having(found: PlatformAccount) -> MockTransaction {
    let mut transaction = MockTransaction::default();
    let accounts = &mut transaction.platform_accounts;
    accounts
        .expect_find_platform_account()
        .returning(move |_| Ok(Some(found.clone())));
    accounts.expect_find_session().returning(|id| {
        let key = SecretText::new("session-1".to_owned());
        let sealed = custody().seal_session_key(&team_key(), id, team(), &key);
        Ok(Some(StoredSession {
            account_id: id,
            credential_version: account().credential_version,
            generation: 4,
            sealed_key: Some(sealed.unwrap()),
        }))
    });
    transaction
        .teams
        .expect_find_team_key()
        .returning(|_| Ok(Some(team_key())));
    transaction
}

/// The same; the destruction must be stored, and audited.
fn destroying(found: PlatformAccount) -> MockTransaction {
    let mut transaction = having(found);
    transaction
        .platform_accounts
        .expect_update_platform_account()
        .withf(|stored| {
            stored.state == PlatformAccountState::Disconnected
                && stored.sealed_credential.0.is_empty()
                && stored.sealed_confirmation.is_none()
                && stored.credential_version == account().credential_version + 1
                && stored.version == account().version
                && stored.id == account().id
                && !stored.can_delete()
        })
        .times(1)
        .returning(|_| Ok(()));
    transaction
        .audit
        .expect_append_audit_event()
        .withf(|event| {
            event.action == "platform_account.disconnect"
                && event.outcome == AuditOutcome::Accepted
                && event.target == account().id.to_string()
                && matches!(event.principal, Principal::User(_))
        })
        .times(1)
        .returning(|_| Ok(()));
    transaction
}

#[tokio::test]
async fn it_demands_the_permission_and_a_fresh_proof_before_anything_is_looked_up() {
    let nothing = || use_case(Vec::new(), MockPlatformSignIn::new());
    let viewer = actor(&[Permission::PlatformAccountView]);
    let error = nothing().run(&viewer, team()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::PermissionDenied);
    let foreign = nothing()
        .run(&owner_in_browser(true), foreign_team())
        .await
        .unwrap_err();
    assert_eq!(foreign.code(), ErrorCode::NotFound);
    let token = nothing().run(&owner(), team()).await.unwrap_err();
    assert_eq!(token.code(), ErrorCode::StepUpRequired);
}

#[tokio::test]
async fn credential_and_session_are_destroyed_together_and_then_the_platform_is_told() {
    let transaction = destroying(account());
    let counter = Arc::clone(&transaction.commits);
    let committed = Arc::clone(&counter);
    let mut sign_in = MockPlatformSignIn::new();
    sign_in
        .expect_sign_out()
        .withf(move |platform, key| {
            // Only after the commit: a session that is still in custody must not be signed out.
            *platform == platform_name()
                && key.expose() == "session-1"
                && committed.load(Ordering::SeqCst) == 1
        })
        .times(1)
        .returning(|_, _| Ok(()));
    let done = use_case(vec![transaction], sign_in)
        .run(&owner_in_browser(true), team())
        .await;
    done.unwrap();
    assert_eq!(commits(&counter), 1);
}

#[tokio::test]
async fn a_platform_that_does_not_answer_keeps_nothing_connected() {
    let mut sign_in = MockPlatformSignIn::new();
    sign_in
        .expect_sign_out()
        .times(1)
        .returning(|_, _| Err(SignInError::Unavailable("timed out".into())));
    let done = use_case(vec![destroying(account())], sign_in)
        .run(&owner_in_browser(true), team())
        .await;
    done.unwrap();
}

#[tokio::test]
async fn an_access_token_is_forgotten_and_not_signed_out() {
    let found = PlatformAccount {
        credential_kind: CredentialKind::AccessToken,
        ..account()
    };
    let done = use_case(vec![destroying(found)], MockPlatformSignIn::new())
        .run(&owner_in_browser(true), team())
        .await;
    done.unwrap();
}

#[tokio::test]
async fn a_second_disconnection_changes_nothing() {
    let transaction = having(account().disconnected());
    let counter = Arc::clone(&transaction.commits);
    let done = use_case(vec![transaction], MockPlatformSignIn::new())
        .run(&owner_in_browser(true), team())
        .await;
    done.unwrap();
    assert_eq!(commits(&counter), 0);
}

#[tokio::test]
async fn a_lost_commit_is_unknown_and_the_session_is_left_alone() {
    let mut transaction = destroying(account());
    transaction.commit_error = Some(CommitError::OutcomeUnknown("connection reset".into()));
    let error = use_case(vec![transaction], MockPlatformSignIn::new())
        .run(&owner_in_browser(true), team())
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::OutcomeUnknown);
}
