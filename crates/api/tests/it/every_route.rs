//! What holds on every route, whatever it does. The routes come from the OpenAPI document, so a new
//! one is tested the moment it exists.

use crate::support::{
    Client, GOOD_SESSION, GOOD_TOKEN, JobStory, Operation, POOR_TOKEN, Policy, Standing, TestApi,
    operations, request,
};
use domain::access::Permission;
use domain::software::{Addon, Software};
use http::{Method, StatusCode};

fn client() -> (Client, Vec<Operation>) {
    let api = TestApi::new();
    let operations = operations(&api.team.to_string());
    (api.client(), operations)
}

#[tokio::test]
async fn without_a_good_token_every_guarded_route_answers_401() {
    let (client, operations) = client();
    for operation in operations.iter().filter(|found| found.is_guarded()) {
        for token in [
            "",
            "Bearer wdl_test_unknown",
            "Bearer",
            "Basic d2Rs",
            "Bearer  ",
        ] {
            let headers = [("authorization", token)];
            let answer = operation.send(&client, &headers, operation.body()).await;
            answer.assert_problem(401, "unauthenticated");
            assert_eq!(
                answer.header("www-authenticate"),
                "Bearer realm=\"windlass\""
            );
        }
    }
}

#[tokio::test]
async fn without_the_permission_every_guarded_route_answers_403_and_names_it() {
    let (client, operations) = client();
    let token = format!("Bearer {POOR_TOKEN}");
    for operation in operations {
        let Some(permission) = &operation.permission else {
            continue;
        };
        assert!(Permission::parse(permission).is_some(), "{permission}");
        let headers = [("authorization", token.as_str())];
        let answer = operation.send(&client, &headers, operation.body()).await;
        answer.assert_problem(403, "permission-denied");
        let detail = answer.body["detail"].as_str().expect("a text");
        assert!(detail.contains(permission), "{}: {detail}", operation.path);
    }
}

#[tokio::test]
async fn what_a_person_does_takes_no_token_and_what_operators_do_is_not_there_for_others() {
    let (client, operations) = client();
    let token = format!("Bearer {GOOD_TOKEN}");
    let cookie = format!("__Host-windlass={GOOD_SESSION}");
    let csrf = format!("csrf of {GOOD_SESSION}");
    let by_token = [("authorization", token.as_str())];
    let in_browser = [
        ("authorization", ""),
        ("cookie", cookie.as_str()),
        ("x-csrf-token", csrf.as_str()),
    ];
    let (mut for_people, mut for_operators) = (0, 0);
    for operation in operations {
        let body = operation.body();
        match operation.policy {
            Policy::Session => {
                for_people += 1;
                let answer = operation.send(&client, &by_token, body).await;
                answer.assert_problem(403, "browser-session-required");
            }
            Policy::Operator => {
                for_operators += 1;
                for headers in [&by_token[..], &in_browser[..]] {
                    // Not even a wrong body tells that there is something.
                    for body in [body, r#"{"colour":1}"#] {
                        let answer = operation.send(&client, headers, body).await;
                        answer.assert_problem(404, "not-found");
                    }
                }
            }
            Policy::Permission(_) | Policy::AnyCredential | Policy::Public => {}
        }
    }
    assert!(
        for_people >= 3 && for_operators >= 4,
        "there are such routes"
    );
}

#[tokio::test]
async fn a_foreign_team_is_not_found() {
    let client = TestApi::new().client();
    for operation in operations("team_0000000000000000000000000z") {
        if operation.permission.is_some() {
            let answer = operation.send(&client, &[], operation.body()).await;
            answer.assert_problem(404, "not-found");
        }
    }
}

#[tokio::test]
async fn a_broken_id_in_the_path_is_pointed_at() {
    let client = TestApi::new().client();
    for operation in operations("env_00000000000000000000000000") {
        if operation.permission.is_some() {
            let answer = operation.send(&client, &[], operation.body()).await;
            answer.assert_problem(422, "validation-failed");
            answer.assert_fault("path", "team_id");
        }
    }
}

#[tokio::test]
async fn an_unknown_or_repeated_query_parameter_is_refused() {
    let (client, mut operations) = client();
    for operation in &mut operations {
        operation.path.push_str("?colour=red");
        let answer = operation.send(&client, &[], operation.body()).await;
        answer.assert_problem(400, "malformed-request");
        answer.assert_fault("query", "colour");
    }
    let twice = client
        .get(&operations_path(
            &operations,
            "environments?",
            "limit=1&limit=2",
        ))
        .await;
    twice.assert_problem(400, "malformed-request");
    twice.assert_fault("query", "limit");
}

fn operations_path(operations: &[Operation], ending: &str, query: &str) -> String {
    let found = operations
        .iter()
        .find(|operation| operation.path.contains(ending))
        .expect("there is such a route");
    let path = found.path.split('?').next().unwrap_or_default();
    format!("{path}?{query}")
}

#[tokio::test]
async fn a_session_key_is_refused_in_query_header_cookie_and_body() {
    let (client, operations) = client();
    for operation in operations {
        for name in ["session", "sessionKey", "session_key", "SESSION"] {
            let secret = "a-platform-session";
            let with_query = Operation {
                path: format!("{}?{name}={secret}", operation.path),
                query: "",
                ..operation.clone()
            };
            let body = operation.body();
            let in_query = with_query.send(&client, &[], body).await;
            in_query.assert_problem(422, "session-key-not-accepted");
            in_query.assert_fault("query", name);
            let lower = name.to_lowercase();
            let in_header = operation.send(&client, &[(&lower, secret)], body).await;
            in_header.assert_problem(422, "session-key-not-accepted");
            in_header.assert_fault("header", &lower);
            let cookie = format!("theme=dark; {name}={secret}");
            let in_cookie = operation.send(&client, &[("cookie", &cookie)], body).await;
            in_cookie.assert_problem(422, "session-key-not-accepted");
            in_cookie.assert_fault("cookie", name);
            for answer in [in_query, in_header, in_cookie] {
                assert!(!answer.text.contains(secret), "{}", answer.text);
            }
            if operation.method == Method::GET {
                continue;
            }
            let deep = format!(r#"{{"a/b":[0,{{"{name}":"{secret}"}}]}}"#);
            let in_body = operation.send(&client, &[], &deep).await;
            in_body.assert_problem(422, "session-key-not-accepted");
            in_body.assert_fault("body", &format!("/a~1b/1/{name}"));
            assert!(!in_body.text.contains(secret), "{}", in_body.text);
        }
    }
}

#[tokio::test]
async fn bodies_are_checked_on_every_route_that_takes_one() {
    let (client, operations) = client();
    let with_body: Vec<_> = operations
        .into_iter()
        .filter(|found| found.has_body)
        .collect();
    assert!(with_body.len() >= 21, "the document lists bodies");
    for operation in with_body {
        let broken = operation.send(&client, &[], r#"{"name": "#).await;
        broken.assert_problem(400, "malformed-request");
        let deep = "[".repeat(100_000);
        let deep = operation.send(&client, &[], &deep).await;
        deep.assert_problem(400, "malformed-request");
        let trailing = operation.send(&client, &[], "{} {}").await;
        trailing.assert_problem(400, "malformed-request");
        let empty = operation
            .send(&client, &[("content-type", "application/json")], "")
            .await;
        empty.assert_problem(400, "malformed-request");
        let list = operation.send(&client, &[], "[1]").await;
        list.assert_problem(422, "validation-failed");
        let unknown = operation.body().replacen('{', r#"{"colour":1,"#, 1);
        let unknown = operation.send(&client, &[], &unknown).await;
        unknown.assert_problem(422, "validation-failed");
        unknown.assert_fault("body", "/colour");
        for media_type in ["text/plain", "application/xml", "application/jsonx", ""] {
            let headers = [("content-type", media_type)];
            let answer = operation.send(&client, &headers, operation.body()).await;
            answer.assert_problem(415, "unsupported-media-type");
        }
        let large = format!(r#"{{"name":"{}"}}"#, "x".repeat(256 * 1024));
        let large = operation.send(&client, &[], &large).await;
        large.assert_problem(413, "body-too-large");
    }
}

#[tokio::test]
async fn who_takes_no_body_refuses_one_that_says_something() {
    let (client, operations) = client();
    let mut without = operations
        .into_iter()
        .filter(|found| !found.has_body && found.method != Method::GET)
        .peekable();
    assert!(without.peek().is_some(), "there are such routes");
    for operation in without {
        let unknown = operation.send(&client, &[], r#"{"colour":1}"#).await;
        unknown.assert_problem(422, "validation-failed");
        unknown.assert_fault("body", "/colour");
    }
}

#[tokio::test]
async fn what_gives_a_job_takes_a_key_and_nothing_else_does() {
    let (client, operations) = client();
    for operation in operations {
        assert_eq!(operation.takes_key, operation.gives_job, "{}", operation.id);
        if operation.takes_key {
            let method = operation.method.clone();
            let request = request(method, &operation.path, &[], operation.body());
            let answer = client.send(request).await;
            answer.assert_problem(400, "idempotency-key-required");
        }
    }
}

/// The operation as a client sends it to a standing environment, twice.
async fn accepted_twice(operation: &Operation) {
    let mut api = TestApi::new();
    let mut software = vec![
        Software::Addon(Addon::LetsEncrypt),
        Software::Addon(Addon::Backup),
    ];
    if operation.id != "install_mbadmin" {
        software.push(Software::Mbadmin);
    }
    let standing = Standing::begin(&mut api, &software);
    if operation.id == "retry_job" {
        standing.knows_a_failed_job(&mut api);
    }
    let team = api.team.to_string();
    let client = api.client();
    let first = operation.send(&client, &[], operation.body()).await;
    assert_eq!(
        first.status,
        StatusCode::ACCEPTED,
        "{}: {}",
        operation.id,
        first.text
    );
    let jobs = standing.jobs();
    assert_eq!(jobs.len(), 1, "{}", operation.id);
    let id = jobs[0].id.to_string();
    assert_eq!(first.body["id"], id);
    assert_eq!(first.body["kind"], jobs[0].kind.as_str());
    assert_eq!(first.body["state"], "queued");
    let location = format!("/v1/teams/{team}/jobs/{id}");
    assert_eq!(first.header("location"), location);
    assert_eq!(first.header("retry-after"), "2");
    assert_eq!(first.header("idempotency-replayed"), "");
    let again = operation.send(&client, &[], operation.body()).await;
    assert_eq!(
        again.status,
        StatusCode::ACCEPTED,
        "{}: {}",
        operation.id,
        again.text
    );
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.body["id"], id);
    assert_eq!(standing.jobs().len(), 1, "{}", operation.id);
    for answer in [first, again] {
        assert!(!answer.text.contains("hunter2"), "{}", answer.text);
    }
}

#[tokio::test]
async fn what_gives_a_job_gives_it_once_for_each_key() {
    let team = TestApi::new().team.to_string();
    let giving: Vec<_> = operations(&team)
        .into_iter()
        .filter(|found| found.gives_job)
        .collect();
    assert!(giving.len() >= 27, "the document lists jobs");
    for operation in giving {
        accepted_twice(&operation).await;
    }
}

#[tokio::test]
async fn other_methods_get_405_with_allow_and_options_gets_the_same_list() {
    let (client, operations) = client();
    for operation in &operations {
        let headers = [("authorization", "")];
        let of_path = |method: &Method| {
            let mut others = operations.iter().filter(|it| it.path == operation.path);
            others.any(|it| it.method == *method)
        };
        let mut methods = [Method::PATCH, Method::PUT, Method::POST].into_iter();
        let other = methods
            .find(|method| !of_path(method))
            .expect("one is left");
        let other = request(other, &operation.path, &headers, "");
        let refused = client.send(other).await;
        refused.assert_problem(405, "method-not-allowed");
        let allowed = refused.header("allow").to_owned();
        assert!(allowed.contains(operation.method.as_str()), "{allowed}");
        let options = request(Method::OPTIONS, &operation.path, &headers, "");
        let options = client.send(options).await;
        assert_eq!(options.status, StatusCode::NO_CONTENT);
        assert_eq!(options.header("allow"), allowed);
        assert_eq!(options.text, "");
    }
}

#[tokio::test]
async fn unknown_paths_are_problems_too() {
    let client = TestApi::new().client();
    for path in [
        "/",
        "/v1",
        "/v1/teamsters",
        "/v1/version/",
        "/v2/version",
        "/docs/nothing.js",
    ] {
        client.get(path).await.assert_problem(404, "not-found");
    }
    for path in ["/v1/teams/%ff/environments", "/docs/%ff"] {
        client
            .get(path)
            .await
            .assert_problem(400, "malformed-request");
    }
}

#[tokio::test]
async fn every_answer_carries_its_id_and_the_safety_headers() {
    let mut api = TestApi::new();
    let story = JobStory::begin(&mut api);
    let path = api.path(&format!("/jobs/{}", story.id));
    let client = api.client();
    let mut seen = std::collections::BTreeSet::new();
    for path in [path.as_str(), "/v1/version", "/nowhere", "/healthz"] {
        let headers = [("x-request-id", "abc-1")];
        let answer = client.send(request(Method::GET, path, &headers, "")).await;
        assert!(answer.header("request-id").starts_with("req_"));
        assert!(
            seen.insert(answer.header("request-id").to_owned()),
            "ids are fresh"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(
            answer
                .header("content-security-policy")
                .contains("default-src 'none'")
        );
    }
    let head = client.send(request(Method::HEAD, &path, &[], "")).await;
    assert_eq!((head.status, head.text.as_str()), (StatusCode::OK, ""));
}
