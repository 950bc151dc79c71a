//! Accounts of people as a browser meets them: cookies, what is shown, and what never is.

use crate::support::{
    Answer, GOOD_SESSION, GOOD_TOKEN, OLD_SESSION, PASSWORD, TestApi, request, rights_stay,
};
use domain::access::RoleKind;
use domain::ids::UserSessionId;
use domain::page::Page;
use domain::people::{PasswordHash, User, UserSession};
use domain::ports::{MockTransaction, MockUnitOfWork, new_id};
use http::{Method, StatusCode};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use testkit::builders;

/// As the browser of the signed-in person sends it.
fn browser(method: Method, path: &str, body: &str) -> http::Request<axum::body::Body> {
    let cookie = format!("__Host-windlass={GOOD_SESSION}");
    let csrf = format!("csrf of {GOOD_SESSION}");
    let headers = [
        ("authorization", ""),
        ("cookie", cookie.as_str()),
        ("x-csrf-token", csrf.as_str()),
    ];
    request(method, path, &headers, body)
}

/// Every transaction finds this person, counts as told and takes what is stored.
fn knowing(api: &mut TestApi, user: &User, wait: Option<Duration>) -> Arc<Mutex<Vec<String>>> {
    let events = Arc::new(Mutex::new(Vec::new()));
    let (ids, team, user, seen) = (api.ids.clone(), api.team, user.clone(), events.clone());
    let mut unit_of_work = MockUnitOfWork::new();
    unit_of_work.expect_begin().returning(move |_| {
        let mut transaction = MockTransaction::default();
        rights_stay(&mut transaction, &ids, team);
        let counters = &mut transaction.login_throttle;
        counters
            .expect_count_attempt()
            .returning(move |_, _, _| Ok(wait));
        counters.expect_forget_attempts().returning(|_| Ok(()));
        let (by_id, by_email) = (user.clone(), user.clone());
        let people = &mut transaction.people;
        people
            .expect_find_user()
            .returning(move |_| Ok(Some(by_id.clone())));
        people.expect_find_user_by_email().returning(move |email| {
            let is_it = by_email.email == *email;
            Ok(is_it.then(|| by_email.clone()))
        });
        people
            .expect_find_user_key()
            .returning(|_| Ok(Some(builders::wrapped_key())));
        people.expect_update_user().returning(|_| Ok(()));
        people.expect_insert_user().returning(|_, _| Ok(()));
        people.expect_insert_email_link().returning(|_| Ok(()));
        let sessions = &mut transaction.user_sessions;
        sessions.expect_insert_user_session().returning(|_| Ok(()));
        sessions
            .expect_rotate_user_session()
            .returning(|_, _, _| Ok(true));
        sessions
            .expect_end_user_session()
            .returning(|_, _, _| Ok(true));
        let seen = seen.clone();
        let audit = &mut transaction.audit;
        audit.expect_append_audit_event().returning(move |event| {
            let line = format!("{event:?}");
            seen.lock().expect("no panic while held").push(line);
            Ok(())
        });
        Ok(Box::new(transaction))
    });
    api.unit_of_work = Arc::new(unit_of_work);
    events
}

fn anna(api: &TestApi) -> User {
    User {
        password: PasswordHash(PASSWORD.to_owned()),
        ..builders::user(&*api.ids)
    }
}

fn sign_in_body(user: &User, password: &str) -> String {
    format!(r#"{{"email":"{}","password":"{password}"}}"#, user.email)
}

/// The parts of the one cookie that is set, its value first.
#[track_caller]
fn cookie_of(answer: &Answer) -> Vec<&str> {
    assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 1);
    answer.header("set-cookie").split("; ").collect()
}

#[tokio::test]
async fn signing_in_sets_a_cookie_that_only_this_host_gets_back() {
    let mut api = TestApi::new();
    let user = anna(&api);
    let events = knowing(&mut api, &user, None);
    let client = api.client();
    let body = sign_in_body(&user, PASSWORD);
    let answer = client
        .send(request(Method::POST, "/v1/browser-sessions", &[], &body))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let cookie = cookie_of(&answer);
    assert_eq!(cookie[0], "__Host-windlass=wdl_session_new");
    let attributes: Vec<_> = cookie[1..].to_vec();
    assert_eq!(
        attributes[..4],
        ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"]
    );
    let age = attributes[4].strip_prefix("Max-Age=").expect("an age");
    let age: u64 = age.parse().expect("seconds");
    assert!((43_000..=43_200).contains(&age), "{age}");
    assert_eq!(answer.body["csrf_token"], "csrf of wdl_session_new");
    assert_eq!(answer.body["user"]["email"], user.email.as_str());
    assert_eq!(answer.body["user"]["second_factor"], "off");
    let body = answer
        .body
        .to_string()
        .replace("csrf of wdl_session_new", "");
    for hidden in ["wdl_session_new", PASSWORD] {
        assert!(!body.contains(hidden), "{hidden} in {body}");
    }
    let events = events.lock().expect("no panic while held").concat();
    for hidden in ["wdl_session_new", PASSWORD, user.email.as_str()] {
        assert!(!events.contains(hidden), "{hidden} in {events}");
    }
}

#[tokio::test]
async fn unknown_and_wrong_are_the_same_answer() {
    let mut api = TestApi::new();
    let user = anna(&api);
    knowing(&mut api, &user, None);
    let client = api.client();
    let mut answers = Vec::new();
    for body in [
        sign_in_body(&user, "wrong"),
        format!(r#"{{"email":"nobody@example.com","password":"{PASSWORD}"}}"#),
    ] {
        let sent = request(Method::POST, "/v1/browser-sessions", &[], &body);
        let mut answer = client.send(sent).await;
        answer.assert_problem(401, "sign-in-refused");
        assert_eq!(answer.header("set-cookie"), "");
        answer.body["request_id"].take();
        answer.headers.remove("request-id");
        answers.push((answer.body, answer.headers));
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn too_many_attempts_are_told_how_long_to_wait() {
    let mut api = TestApi::new();
    let user = anna(&api);
    knowing(&mut api, &user, Some(Duration::from_millis(61_001)));
    let client = api.client();
    let body = sign_in_body(&user, PASSWORD);
    let sent = request(Method::POST, "/v1/browser-sessions", &[], &body);
    let answer = client.send(sent).await;
    answer.assert_problem(429, "too-many-attempts");
    assert_eq!(answer.header("retry-after"), "62");
}

#[tokio::test]
async fn registering_answers_the_same_for_a_free_and_a_taken_address() {
    let mut answers = Vec::new();
    for address in ["free@example.com", "taken@example.com"] {
        let mut api = TestApi::new();
        let mut user = anna(&api);
        user.email = domain::names::EmailAddress::parse("taken@example.com").expect("an address");
        knowing(&mut api, &user, None);
        let mailbox = api.mailbox.clone();
        let body = format!(r#"{{"email":"{address}","password":"{PASSWORD}","name":"Anna"}}"#);
        let client = api.client();
        let sent = request(Method::POST, "/v1/registrations", &[], &body);
        let mut answer = client.send(sent).await;
        answer.headers.remove("request-id");
        answers.push((answer.status, answer.text, answer.headers));
        let mails = mailbox.take();
        assert_eq!(mails[0].to.as_str(), address);
    }
    assert_eq!(answers[0].0, StatusCode::ACCEPTED);
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn a_step_up_changes_cookie_and_csrf_token() {
    let mut api = TestApi::new();
    let user = anna(&api);
    // The caller is the person of the session; the store knows them with this password.
    let user = User {
        id: api.owner.id,
        email: api.owner.email.clone(),
        ..user
    };
    knowing(&mut api, &user, None);
    let client = api.client();
    let path = "/v1/browser-sessions/current/actions/step-up";
    let body = format!(r#"{{"password":"{PASSWORD}"}}"#);
    let answer = client.send(browser(Method::POST, path, &body)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(cookie_of(&answer)[0], "__Host-windlass=wdl_session_new");
    assert_eq!(answer.body["csrf_token"], "csrf of wdl_session_new");
}

#[tokio::test]
async fn signing_out_takes_the_cookie_back_and_ending_another_session_does_not() {
    let mut api = TestApi::new();
    let user = anna(&api);
    knowing(&mut api, &user, None);
    let other: UserSessionId = new_id(&*api.ids);
    let client = api.client();
    let sign_out = browser(Method::DELETE, "/v1/browser-sessions/current", "");
    let answer = client.send(sign_out).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
    let cookie = cookie_of(&answer);
    assert_eq!(cookie[0], "__Host-windlass=");
    assert_eq!(cookie.last(), Some(&"Max-Age=0"));
    let path = format!("/v1/browser-sessions/{other}");
    let answer = client.send(browser(Method::DELETE, &path, "")).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
    assert_eq!(answer.header("set-cookie"), "");
}

#[tokio::test]
async fn sessions_are_listed_with_a_cursor_of_this_person() {
    let mut api = TestApi::new();
    let sessions: Vec<UserSession> = (0..2)
        .map(|_| builders::user_session(&*api.ids, api.owner.id))
        .collect();
    let (first, second) = (sessions[0].id, sessions[1].clone());
    api.read_model
        .expect_list_user_sessions()
        .returning(move |_, page| {
            let is_second = page.after() == Some(first);
            Ok(Page {
                items: vec![sessions[usize::from(is_second)].clone()],
                next_after: (!is_second).then_some(first),
            })
        });
    let client = api.client();
    let path = "/v1/browser-sessions?limit=1";
    let page = client.send(browser(Method::GET, path, "")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert_eq!(page.body["data"][0]["id"], first.to_string());
    assert_eq!(page.body["data"][0]["is_current"], false);
    let cursor = page.body["page"]["next_cursor"].as_str().expect("a cursor");
    let path = format!("{path}&cursor={cursor}");
    let page = client.send(browser(Method::GET, &path, "")).await;
    assert_eq!(page.body["data"][0]["id"], second.id.to_string());
    assert!(page.body["page"]["next_cursor"].is_null());
    assert!(!page.text.contains("mac"), "{}", page.text);
}

#[tokio::test]
async fn a_person_and_a_token_are_told_who_they_are() {
    let mut api = TestApi::new();
    let team = builders::team(&*api.ids);
    let role = domain::access::Role {
        kind: RoleKind::Viewer,
        ..builders::role(&*api.ids, team.id, &[])
    };
    let (found, listed) = (team.clone(), (team.clone(), role));
    api.read_model
        .expect_find_team()
        .returning(move |_| Ok(Some(found.clone())));
    api.read_model
        .expect_list_teams_of_user()
        .returning(move |_, _| {
            Ok(Page {
                items: vec![listed.clone()],
                next_after: None,
            })
        });
    api.read_model
        .expect_count_recovery_codes()
        .returning(|_| Ok(3));
    let client = api.client();
    let person = client.send(browser(Method::GET, "/v1/me", "")).await;
    assert_eq!(person.status, StatusCode::OK, "{}", person.text);
    assert_eq!(person.body["kind"], "person");
    assert_eq!(person.body["csrf_token"], format!("csrf of {GOOD_SESSION}"));
    assert_eq!(person.body["unused_recovery_codes"], 3);
    assert_eq!(person.body["teams"][0]["id"], team.id.to_string());
    assert_eq!(
        person.body["teams"][0]["permissions"],
        serde_json::json!(["env.view", "job.view", "event.view", "team.view"])
    );
    assert_eq!(person.body["has_more_teams"], false);
    let token = client.get("/v1/me").await;
    assert_eq!(token.status, StatusCode::OK, "{}", token.text);
    assert_eq!(token.body["kind"], "api_token");
    assert_eq!(token.body["team_name"], team.name.as_str());
    assert!(token.body["scopes"].as_array().expect("a list").len() > 30);
    for answer in [person, token] {
        for hidden in [GOOD_TOKEN, "a password hash"] {
            assert!(!answer.text.contains(hidden), "{}", answer.text);
        }
    }
}

#[tokio::test]
async fn what_is_risky_needs_a_step_up() {
    let mut api = TestApi::new();
    let user = anna(&api);
    knowing(&mut api, &user, None);
    let client = api.client();
    let cookie = format!("__Host-windlass={OLD_SESSION}");
    let csrf = format!("csrf of {OLD_SESSION}");
    let headers = [
        ("authorization", ""),
        ("cookie", cookie.as_str()),
        ("x-csrf-token", csrf.as_str()),
    ];
    for (method, path) in [
        (Method::POST, "/v1/me/second-factor"),
        (Method::DELETE, "/v1/me/second-factor"),
        (Method::POST, "/v1/me/recovery-codes"),
    ] {
        let answer = client.send(request(method, path, &headers, "")).await;
        answer.assert_problem(403, "step-up-required");
    }
}
