//! Credentials that were good once, that are good for something else, or that are none.

use super::person::{own_address, text};
use super::world::{LONG_LIFE, World, later, token_of};
use crate::support::{Caller, Credential, PASSWORD, PATIENCE, mailed, new_token_until};
use domain::access::PermissionSet;
use http::{Method, StatusCode};
use serde_json::json;

/// How long the token lives that is to be expired.
const SHORT_LIFE: jiff::SignedDuration = jiff::SignedDuration::from_secs(2);

/// Every credential that is good for nothing, and its name.
pub(super) async fn collect(world: &World) -> Vec<(&'static str, Caller)> {
    let owner = world.ours.owner().in_team(&world.ours.id);
    let all = PermissionSet::all();
    let nobody = owner.with(Credential::Nothing).calling_from(own_address());
    let bearer = |token: String| nobody.with(Credential::Token(token));
    let expired = token_of(&owner, all, SHORT_LIFE).await;
    let revoked = revoked(&owner).await;
    let foreign_network = bound_to_another_network(&owner).await;
    let good = token_text(&world.ours.token);
    let (cookie, ended) = sessions(world).await;
    let in_cookie = Credential::Session {
        cookie: format!("__Host-windlass={good}"),
        csrf_token: "unknown".to_owned(),
    };
    let mut worthless = vec![
        ("anonymous", nobody.clone()),
        ("malformed token", bearer("wdl_api_0".to_owned())),
        ("token with a letter changed", bearer(changed(&good))),
        ("no token at all", bearer("....".to_owned())),
        ("revoked token", revoked),
        ("token from another network", foreign_network),
        ("session as a token", bearer(cookie)),
        ("token as a session", nobody.with(in_cookie)),
        ("ended session", ended),
    ];
    for (name, token) in mailed_tokens(world, &nobody).await {
        worthless.push((name, bearer(token)));
    }
    testkit::wait::until("the token expires", PATIENCE, async || {
        let answer = expired.get("/v1/me").await;
        (answer.status == StatusCode::UNAUTHORIZED).then_some(())
    })
    .await;
    worthless.push(("expired token", expired));
    worthless
}

async fn revoked(owner: &Caller) -> Caller {
    let made = new_token_until(owner, PermissionSet::all(), &later(LONG_LIFE), &[]).await;
    let path = owner.path(&format!("/api-tokens/{}", text(&made, "id")));
    let gone = owner.send(Method::DELETE, &path, &[], String::new()).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.body);
    owner.with(Credential::Token(text(&made, "token")))
}

async fn bound_to_another_network(owner: &Caller) -> Caller {
    let (all, until) = (PermissionSet::all(), later(LONG_LIFE));
    let made = new_token_until(owner, all, &until, &["192.0.2.0/24"]).await;
    owner.with(Credential::Token(text(&made, "token")))
}

/// The text of a good session, and a session that was ended.
async fn sessions(world: &World) -> (String, Caller) {
    let person = world.ours.developer();
    let ended = person.another_session().await;
    let path = "/v1/browser-sessions/current";
    let gone = ended.send(Method::DELETE, path, &[], String::new()).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.body);
    let Credential::Session { cookie, .. } = person.caller().credential else {
        panic!("a person has a session");
    };
    let (_, good) = cookie.split_once('=').expect("a name and a value");
    (good.to_owned(), ended)
}

/// What mails and answers hold that is good for one thing only.
async fn mailed_tokens(world: &World, nobody: &Caller) -> Vec<(&'static str, String)> {
    let email = &world.invited.email;
    let resets = nobody
        .ask("/v1/password-resets", &json!({"email": email}))
        .await;
    assert_eq!(resets.status, StatusCode::ACCEPTED, "{}", resets.body);
    let unproved = "unproved@example.com";
    let body = json!({"email": unproved, "password": PASSWORD, "name": "Una"});
    let registered = nobody.ask("/v1/registrations", &body).await;
    assert_eq!(
        registered.status,
        StatusCode::ACCEPTED,
        "{}",
        registered.body
    );
    let owner = world.ours.owner().in_team(&world.ours.id);
    let path = owner.path("/actions/request-deletion");
    let deletion = owner.send(Method::POST, &path, &[], String::new()).await;
    vec![
        ("reset token", mailed(&world.app, email, "wdl_reset_").await),
        (
            "verification token",
            mailed(&world.app, unproved, "wdl_verify_").await,
        ),
        (
            "invitation token",
            mailed(&world.app, email, "wdl_invite_").await,
        ),
        ("deletion token", text(&deletion.body, "confirmation_token")),
    ]
}

fn token_text(caller: &Caller) -> String {
    match &caller.credential {
        Credential::Token(token) => token.clone(),
        other => panic!("a token, not {other:?}"),
    }
}

/// The same token but for one letter, so that its checksum is wrong.
fn changed(token: &str) -> String {
    let at = token.len() - 10;
    let other = if &token[at..=at] == "x" { "y" } else { "x" };
    format!("{}{other}{}", &token[..at], &token[at + 1..])
}
