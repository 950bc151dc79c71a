//! Connecting the platform account, and what is shown of it.

use crate::support::{Gate, GatedUnitOfWork, PATIENCE, TestApi, in_browser, request, rights_stay};
use domain::SecretText;
use domain::platform_account::{
    DeletionConfirmation, PlatformAccount, PlatformAccountState, PlatformCredential, PlatformUid,
    StoredSession,
};
use domain::ports::{MockTransaction, SignInError, SignedIn};
use domain::sealed::SealedSecret;
use http::{Method, StatusCode};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use testkit::builders;
use testkit::wait::until;

const PASSWORD: &str = "hunter2-correct";

fn body() -> String {
    format!(
        r#"{{"platform":"main","credential":{{"kind":"password","login":"owner@example.com",
            "password":"{PASSWORD}"}}}}"#
    )
}

fn signing_in(api: &mut TestApi) {
    api.sign_in
        .expect_sign_in()
        .withf(|platform, credential| {
            platform.as_str() == "main"
                && matches!(credential, PlatformCredential::Password { login, password }
                    if login.as_str() == "owner@example.com" && password.expose() == PASSWORD)
        })
        .returning(|_, _| {
            Ok(SignedIn {
                session_key: SecretText::new("a-session".to_owned()),
                uid: PlatformUid(424_242),
            })
        });
    api.sign_in
        .expect_deletion_confirmation()
        .returning(|_, _, _| Ok(DeletionConfirmation::AccountPassword));
}

fn storing(api: &TestApi) -> MockTransaction {
    let mut transaction = MockTransaction::default();
    rights_stay(&mut transaction, &api.ids, api.team);
    transaction
        .teams
        .expect_find_team_key()
        .returning(|_| Ok(Some(builders::wrapped_key())));
    let accounts = &mut transaction.platform_accounts;
    accounts
        .expect_find_platform_account()
        .returning(|_| Ok(None));
    accounts
        .expect_insert_platform_account()
        .returning(|_| Ok(()));
    let id = api.account().id;
    accounts.expect_find_session().returning(move |_| {
        Ok(Some(StoredSession {
            account_id: id,
            credential_version: 1,
            generation: 0,
            sealed_key: None,
        }))
    });
    accounts
        .expect_store_session()
        .returning(|_, _, _, _| Ok(true));
    transaction
        .audit
        .expect_append_audit_event()
        .returning(|_| Ok(()));
    transaction
}

#[tokio::test]
async fn connecting_shows_the_state_and_never_the_credential() {
    let mut api = TestApi::new();
    signing_in(&mut api);
    let transaction = storing(&api);
    api.storing(transaction);
    let path = api.path("/platform-account");
    let answer = api
        .client()
        .send(request(Method::PUT, &path, &in_browser(), &body()))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.body["state"], "connected");
    assert_eq!(answer.body["credential_kind"], "password");
    assert_eq!(answer.body["deletion"], "account_password");
    assert_eq!(answer.body["can_delete"], true);
    for hidden in [PASSWORD, "owner@example.com", "a-session", "424242"] {
        assert!(!answer.text.contains(hidden), "{hidden} in {}", answer.text);
    }
}

#[tokio::test]
async fn fields_of_the_other_kind_of_credential_are_refused() {
    let api = TestApi::new();
    let path = api.path("/platform-account");
    let client = api.client();
    let long = "x".repeat(1025);
    let cases = [
        (
            r#"{"kind":"password","login":"a@example.com"}"#,
            "/credential/password",
        ),
        (r#"{"kind":"password","password":"p"}"#, "/credential/login"),
        (
            r#"{"kind":"password","login":"a b","password":"p"}"#,
            "/credential/login",
        ),
        (
            r#"{"kind":"password","login":"a","password":""}"#,
            "/credential/password",
        ),
        (
            r#"{"kind":"password","login":"a","password":"p\nq"}"#,
            "/credential/password",
        ),
        (
            r#"{"kind":"password","login":"a","password":"p","token":"t"}"#,
            "/credential/token",
        ),
        (
            r#"{"kind":"access_token","token":"t","login":"a"}"#,
            "/credential/login",
        ),
        (r#"{"kind":"access_token"}"#, "/credential/token"),
        (r#"{"kind":"ticket","token":"t"}"#, "/credential/kind"),
        (
            r#"{"kind":"access_token","token":["hunter2"]}"#,
            "/credential/token",
        ),
        (
            r#"{"kind":"access_token","token":"t","colour":1}"#,
            "/credential/colour",
        ),
        (
            &format!(r#"{{"kind":"access_token","token":"{long}"}}"#),
            "/credential/token",
        ),
    ];
    for (credential, pointer) in cases {
        let body = format!(r#"{{"platform":"main","credential":{credential}}}"#);
        let answer = client.send(request(Method::PUT, &path, &[], &body)).await;
        answer.assert_problem(422, "validation-failed");
        answer.assert_fault("body", pointer);
        assert!(!answer.text.contains("hunter2"), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_credential_that_the_platform_refuses_is_the_clients_problem() {
    let mut api = TestApi::new();
    api.sign_in
        .expect_sign_in()
        .returning(|_, _| Err(SignInError::Refused { result: 701 }));
    let path = api.path("/platform-account");
    let answer = api
        .client()
        .send(request(Method::PUT, &path, &in_browser(), &body()))
        .await;
    answer.assert_problem(422, "platform-credential-refused");
    answer.assert_fault("body", "/credential");
    assert!(!answer.text.contains("701"), "{}", answer.text);
}

#[tokio::test]
async fn the_account_is_shown_or_not_found() {
    let mut api = TestApi::new();
    let account = api.account();
    let id = account.id.to_string();
    let mut shown = Some(account);
    api.read_model
        .expect_find_platform_account()
        .returning(move |_| Ok(shown.take()));
    let path = api.path("/platform-account");
    let client = api.client();
    let answer = client.get(&path).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.body["id"], id);
    assert_eq!(answer.body["platform"], "example-platform");
    assert!(
        !answer.text.contains("1001"),
        "the platform's number: {}",
        answer.text
    );
    client.get(&path).await.assert_problem(404, "not-found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_goes_away_cancels_nothing() {
    let mut api = TestApi::new();
    signing_in(&mut api);
    let transaction = storing(&api);
    let commits = Arc::clone(&transaction.commits);
    let gate = Gate::closed();
    api.unit_of_work = Arc::new(GatedUnitOfWork {
        gate: gate.clone(),
        transaction: Mutex::new(Some(transaction)),
    });
    let tasks = api.tasks.clone();
    let path = api.path("/platform-account");
    let client = api.client();
    let mut sending = Box::pin(client.send(request(Method::PUT, &path, &in_browser(), &body())));
    let at_the_gate = until("the mutation waits", PATIENCE, async || {
        (gate.waiting() == 1).then_some(())
    });
    tokio::select! {
        answer = &mut sending => panic!("answered too early: {}", answer.text),
        () = at_the_gate => {}
    }
    drop(sending);
    assert_eq!(commits.load(Ordering::SeqCst), 0);
    gate.open();
    tasks.close();
    tasks.wait().await;
    assert_eq!(commits.load(Ordering::SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mutation_that_takes_too_long_goes_on_and_its_outcome_is_called_unknown() {
    let mut api = TestApi::new();
    signing_in(&mut api);
    let transaction = storing(&api);
    let commits = Arc::clone(&transaction.commits);
    let gate = Gate::closed();
    api.unit_of_work = Arc::new(GatedUnitOfWork {
        gate: gate.clone(),
        transaction: Mutex::new(Some(transaction)),
    });
    api.request_timeout = Duration::from_millis(50);
    let tasks = api.tasks.clone();
    let path = api.path("/platform-account");
    let answer = api
        .client()
        .send(request(Method::PUT, &path, &in_browser(), &body()))
        .await;
    answer.assert_problem(503, "outcome-unknown");
    assert_eq!(answer.header("retry-after"), "2");
    gate.open();
    tasks.close();
    tasks.wait().await;
    assert_eq!(commits.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_token_of_the_owner_neither_connects_nor_disconnects() {
    let client = TestApi::new().client();
    let path = TestApi::new().path("/platform-account");
    for (method, body) in [(Method::PUT, body()), (Method::DELETE, String::new())] {
        let answer = client.send(request(method, &path, &[], &body)).await;
        answer.assert_problem(403, "step-up-required");
    }
}

/// A transaction in which the team has an account; it takes a changed one and the audit line.
fn changing(api: &TestApi, wait: Option<Duration>) -> (MockTransaction, Arc<Mutex<Vec<String>>>) {
    let mut transaction = MockTransaction::default();
    rights_stay(&mut transaction, &api.ids, api.team);
    let account = PlatformAccount {
        sealed_credential: SealedSecret(b"sealed".to_vec()),
        ..api.account()
    };
    transaction
        .teams
        .expect_find_team_key()
        .returning(|_| Ok(Some(builders::wrapped_key())));
    let accounts = &mut transaction.platform_accounts;
    accounts
        .expect_find_platform_account()
        .returning(move |_| Ok(Some(account.clone())));
    accounts.expect_find_session().returning(|_| Ok(None));
    let states: Arc<Mutex<Vec<String>>> = Arc::default();
    let written = Arc::clone(&states);
    accounts
        .expect_update_platform_account()
        .returning(move |account| {
            let mut written = written.lock().expect("no panic while held");
            written.push(account.state.as_str().to_owned());
            Ok(())
        });
    transaction
        .login_throttle
        .expect_count_attempt()
        .returning(move |_, _, _| Ok(wait));
    transaction
        .audit
        .expect_append_audit_event()
        .returning(|_| Ok(()));
    (transaction, states)
}

#[tokio::test]
async fn disconnecting_answers_204_and_stores_the_state() {
    let mut api = TestApi::new();
    let (transaction, states) = changing(&api, None);
    api.storing(transaction);
    let path = api.path("/platform-account");
    let delete = request(Method::DELETE, &path, &in_browser(), "");
    let answer = api.client().send(delete).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
    assert_eq!(answer.text, "");
    let states = states.lock().expect("no panic while held");
    assert_eq!(*states, [PlatformAccountState::Disconnected.as_str()]);
}

#[tokio::test]
async fn a_disconnected_account_is_shown_as_that_and_can_delete_nothing() {
    let mut api = TestApi::new();
    let account = api.account().disconnected();
    api.read_model
        .expect_find_platform_account()
        .returning(move |_| Ok(Some(account.clone())));
    let path = api.path("/platform-account");
    let answer = api.client().get(&path).await;
    assert_eq!(answer.body["state"], "disconnected", "{}", answer.text);
    assert_eq!(answer.body["can_delete"], false);
}

#[tokio::test]
async fn a_refused_credential_is_shown_as_a_state() {
    let mut api = TestApi::new();
    let transactions = [changing(&api, None).0, changing(&api, None).0];
    api.storing_in_turn(transactions);
    api.sign_in
        .expect_sign_in()
        .times(1)
        .returning(|_, _| Err(SignInError::Refused { result: 701 }));
    let path = api.path("/platform-account/actions/verify");
    let answer = api.client().post(&path, "").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.body["state"], "needs_reauthentication");
    assert!(!answer.text.contains("hunter2"), "{}", answer.text);
}

#[tokio::test]
async fn a_trial_too_soon_is_told_how_long_to_wait() {
    let mut api = TestApi::new();
    let (transaction, states) = changing(&api, Some(Duration::from_millis(41_500)));
    api.storing(transaction);
    let path = api.path("/platform-account/actions/verify");
    let answer = api.client().post(&path, "").await;
    answer.assert_problem(429, "too-many-attempts");
    assert_eq!(answer.header("retry-after"), "42");
    assert!(states.lock().expect("no panic while held").is_empty());
}
