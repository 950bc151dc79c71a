//! People and their teams, made as customers make them: over HTTP, with the mail from the outbox.

use super::{Answer, App, Caller, Credential, PATIENCE};
use domain::access::{Permission, PermissionSet};
use domain::ports::Clock as _;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use std::path::Path;
use testkit::clocks::SystemTestClock;

/// The password of everybody in tests.
pub(crate) const PASSWORD: &str = "ten friendly winches pull together";
/// Later than any test runs, and within the longest life of a token.
const TOKEN_LIFETIME: jiff::SignedDuration = jiff::SignedDuration::from_hours(24 * 30);

/// Registers a person, opens the link in the mail, and signs in.
pub(crate) async fn register(app: &App, base: &str, email: &str) -> Caller {
    let nobody = Caller::new(base.to_owned(), String::new(), None);
    register_from(app, &nobody, email).await
}

/// The same, called for by `nobody`.
pub(crate) async fn register_from(app: &App, nobody: &Caller, email: &str) -> Caller {
    let name = email.split('@').next().expect("a name");
    let body = json!({"email": email, "password": PASSWORD, "name": name});
    let answer = nobody.ask("/v1/registrations", &body).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
    let token = mailed(app, email, "wdl_verify_").await;
    let answer = nobody
        .ask("/v1/email-verifications", &json!({"token": token}))
        .await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
    sign_in(nobody, email, PASSWORD).await
}

/// Signs in, and remembers the session.
pub(crate) async fn sign_in(nobody: &Caller, email: &str, password: &str) -> Caller {
    let body = json!({"email": email, "password": password});
    let answer = nobody.ask("/v1/browser-sessions", &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let session = session_of(&answer);
    nobody.with(session.clone()).remembering(session)
}

/// The session in an answer that sets its cookie.
pub(crate) fn session_of(answer: &Answer) -> Credential {
    let cookie = answer.header("set-cookie");
    let cookie = cookie.split(';').next().expect("a cookie").to_owned();
    Credential::Session {
        cookie,
        csrf_token: text(&answer.body, "csrf_token"),
    }
}

/// Founds a team, and makes a token with those scopes. The caller uses the token from then on.
pub(crate) async fn found_team(person: &Caller, name: &str, scopes: PermissionSet) -> Caller {
    let answer = person.ask("/v1/teams", &json!({"name": name})).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let owner = person.at(person.base(), &text(&answer.body, "id"));
    let token = new_token(&owner, scopes).await;
    owner.with(Credential::Token(text(&token, "token")))
}

/// A new token of the team; the answer has it in clear.
pub(crate) async fn new_token(person: &Caller, scopes: PermissionSet) -> Value {
    let expires_at = (SystemTestClock.now() + TOKEN_LIFETIME).to_string();
    new_token_until(person, scopes, &expires_at, &[]).await
}

/// The same with that end of its life, good from those networks only; from everywhere when there is none.
pub(crate) async fn new_token_until(
    person: &Caller,
    scopes: PermissionSet,
    expires_at: &str,
    allowed_networks: &[&str],
) -> Value {
    let scopes: Vec<_> = scopes.iter().map(Permission::as_str).collect();
    let body = json!({
        "label": "example", "scopes": scopes, "expires_at": expires_at,
        "allowed_networks": allowed_networks,
    });
    let answer = person.ask(&person.path("/api-tokens"), &body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    answer.body
}

/// The newest token of that kind that was mailed to the address.
pub(crate) async fn mailed(app: &App, email: &str, kind: &str) -> String {
    let outbox = app.data_folder().join("outbox");
    testkit::wait::until("the mail is there", PATIENCE, async || {
        newest(&outbox, email, kind)
    })
    .await
}

fn newest(outbox: &Path, email: &str, kind: &str) -> Option<String> {
    let mut found: Vec<_> = std::fs::read_dir(outbox)
        .ok()?
        .flatten()
        .filter_map(|mail| {
            let text = std::fs::read_to_string(mail.path()).ok()?;
            let begin = text.find(kind)?;
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            let token = text[begin..].split(|c| !is_part(c)).next()?.to_owned();
            let written = mail.metadata().ok()?.modified().ok()?;
            text.contains(email).then_some((written, token))
        })
        .collect();
    found.sort();
    found.pop().map(|(_, token)| token)
}

fn text(value: &Value, field: &str) -> String {
    let found = value[field].as_str();
    found
        .unwrap_or_else(|| panic!("`{field}` is a text in {value}"))
        .to_owned()
}

impl Caller {
    /// Asks for something that is no job.
    pub(crate) async fn ask(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, &[], body.to_string()).await
    }
}
