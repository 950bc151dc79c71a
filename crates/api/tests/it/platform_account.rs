//! Connecting the platform account, and what is shown of it.

use crate::support::{Gate, GatedUnitOfWork, PATIENCE, TestApi, request, rights_stay};
use domain::SecretText;
use domain::platform_account::{
    DeletionConfirmation, PlatformCredential, PlatformUid, StoredSession,
};
use domain::ports::{MockTransaction, SignInError, SignedIn};
use http::{Method, StatusCode};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
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
        .send(request(Method::PUT, &path, &[], &body()))
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
        .send(request(Method::PUT, &path, &[], &body()))
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
    let mut sending = Box::pin(client.send(request(Method::PUT, &path, &[], &body())));
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
    api.request_timeout = std::time::Duration::from_millis(50);
    let tasks = api.tasks.clone();
    let path = api.path("/platform-account");
    let answer = api
        .client()
        .send(request(Method::PUT, &path, &[], &body()))
        .await;
    answer.assert_problem(503, "outcome-unknown");
    assert_eq!(answer.header("retry-after"), "2");
    gate.open();
    tasks.close();
    tasks.wait().await;
    assert_eq!(commits.load(Ordering::SeqCst), 1);
}
