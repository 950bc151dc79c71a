//! The cookie of a browser session is a credential like a token, and changes nothing without its CSRF
//! token.

use crate::support::{GOOD_SESSION, GOOD_TOKEN, Policy, TestApi, operations, request};
use http::{Method, StatusCode};

fn cookie() -> String {
    format!("theme=dark; __Host-windlass={GOOD_SESSION}")
}

fn csrf() -> String {
    format!("csrf of {GOOD_SESSION}")
}

#[tokio::test]
async fn a_session_reads_without_and_changes_only_with_its_csrf_token() {
    let api = TestApi::new();
    let operations = operations(&api.team.to_string());
    let client = api.client();
    let cookie = cookie();
    let guarded = operations.iter().filter(|it| it.policy != Policy::Public);
    let mut changing = 0;
    for operation in guarded.filter(|it| it.method != Method::GET) {
        changing += 1;
        for wrong in ["", "csrf of another", GOOD_SESSION] {
            let headers = [
                ("authorization", ""),
                ("cookie", cookie.as_str()),
                ("x-csrf-token", wrong),
            ];
            let answer = operation.send(&client, &headers, operation.body()).await;
            answer.assert_problem(403, "csrf-token-invalid");
        }
    }
    assert!(changing >= 20, "there are operations that change something");
}

#[tokio::test]
async fn a_cookie_that_is_given_twice_is_nobodys() {
    let api = TestApi::new();
    let path = api.path("/platform-account");
    let twice = format!("{0}; __Host-windlass={GOOD_SESSION}", cookie());
    let headers = [("authorization", ""), ("cookie", twice.as_str())];
    let answer = api
        .client()
        .send(request(Method::GET, &path, &headers, ""))
        .await;
    answer.assert_problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_token_in_the_cookie_and_a_session_in_the_header_are_no_credentials() {
    let api = TestApi::new();
    let path = api.path("/platform-account");
    let client = api.client();
    let cookie = format!("__Host-windlass={GOOD_TOKEN}");
    let bearer = format!("Bearer {GOOD_SESSION}");
    for headers in [
        [("authorization", ""), ("cookie", cookie.as_str())],
        [("authorization", bearer.as_str()), ("cookie", "")],
    ] {
        let answer = client.send(request(Method::GET, &path, &headers, "")).await;
        answer.assert_problem(401, "unauthenticated");
    }
}

#[tokio::test]
async fn a_session_with_its_csrf_token_passes() {
    let mut api = TestApi::new();
    let account = api.account();
    api.read_model
        .expect_find_platform_account()
        .returning(move |_| Ok(Some(account.clone())));
    let path = api.path("/platform-account");
    let client = api.client();
    let (cookie, csrf) = (cookie(), csrf());
    let reading = [("authorization", ""), ("cookie", cookie.as_str())];
    let answer = client.send(request(Method::GET, &path, &reading, "")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let changing = [reading[0], reading[1], ("x-csrf-token", csrf.as_str())];
    let answer = client
        .send(request(Method::PUT, &path, &changing, "{}"))
        .await;
    // It is the body that is wrong now.
    answer.assert_problem(422, "validation-failed");
}
