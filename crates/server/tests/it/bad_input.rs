//! Requests that are wrong: each gets a problem with a stable code, and nothing is half-written.

use crate::on_both_backends;
use crate::support::{App, Backend, Caller};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use virtuozzo_simulator::World;

on_both_backends!(
    wrong_requests_name_what_is_wrong,
    without_a_platform_account_nothing_is_accepted,
    an_account_that_could_not_delete_may_not_create,
    a_refused_platform_credential_is_not_stored,
);

fn pointer(problem: &Value) -> &str {
    problem["errors"][0]["pointer"].as_str().unwrap_or("")
}

async fn wrong_requests_name_what_is_wrong(backend: Backend) {
    let app = App::start(backend).await;
    let owner = &app.owner;
    let path = owner.path("/environments");
    let cases = [
        (
            json!({"name": "shop", "blueprint": "empty", "colour": 1}),
            "/colour",
        ),
        (json!({"name": 7, "blueprint": "empty"}), "/name"),
        (json!({"name": "Shop!", "blueprint": "empty"}), "/name"),
        (json!({"name": "shop", "blueprint": "castle"}), "/blueprint"),
        (
            json!({"name": "shop", "blueprint": "empty", "addons": ["magic"]}),
            "/addons/0",
        ),
    ];
    for (body, expected) in cases {
        let answer = owner.post(&path, "key", &body).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{body}: {}",
            answer.body
        );
        assert_eq!(answer.body["code"], "validation-failed", "{body}");
        assert_eq!(pointer(&answer.body), expected, "{body}: {}", answer.body);
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
    refuses_broken_requests(owner, &path).await;
    let nobody = Caller::new(owner.base().to_owned(), owner.team.clone(), None);
    assert_eq!(nobody.get(&path).await.status, StatusCode::UNAUTHORIZED);
    let listed = owner.get(&path).await;
    assert_eq!(
        listed.body["data"],
        json!([]),
        "nothing of all this was stored"
    );
    assert!(
        app.simulator
            .ledger()
            .iter()
            .all(|entry| entry.environment.is_none())
    );
}

async fn refuses_broken_requests(owner: &Caller, path: &str) {
    let no_key = owner
        .send(Method::POST, path, &[], json!({"name": "a-b"}).to_string())
        .await;
    assert_eq!(
        no_key.body["code"], "idempotency-key-required",
        "{}",
        no_key.body
    );
    let broken = owner
        .send(Method::POST, path, &[("idempotency-key", "k")], "{".into())
        .await;
    assert_eq!(broken.status, StatusCode::BAD_REQUEST);
    assert_eq!(broken.body["code"], "malformed-request");
    let huge = format!("{{\"name\": \"{}\"}}", "x".repeat(400_000));
    let huge = owner
        .send(Method::POST, path, &[("idempotency-key", "k")], huge)
        .await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
    let query = owner.get(&format!("{path}?colour=red")).await;
    assert!(query.status.is_client_error(), "{}", query.body);
    let id = owner
        .get(&format!("{path}/job_00000000000000000000000000"))
        .await;
    assert_eq!(id.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", id.body);
    let missing = owner
        .get(&format!("{path}/env_00000000000000000000000000"))
        .await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

async fn without_a_platform_account_nothing_is_accepted(backend: Backend) {
    let app = App::start_unconnected(backend, World::example()).await;
    let body = json!({"name": "shop", "blueprint": "empty"});
    let answer = app
        .owner
        .post(&app.owner.path("/environments"), "key", &body)
        .await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(answer.body["code"], "platform-account-missing");
    assert_eq!(
        app.owner.get(&app.owner.path("/environments")).await.body["data"],
        json!([])
    );
}

async fn an_account_that_could_not_delete_may_not_create(backend: Backend) {
    let text = World::EXAMPLE_TOML.replace(
        "methods = [\"*\"]",
        "methods = [\"environment.control.CreateEnvironment\", \"environment.control.GetEnvs\", \
         \"users.account.GetUserInfo\", \"billing.account.GetQuotas\"]",
    );
    let world = World::from_toml(&text).expect("a world with a limited token");
    let app = App::start_unconnected(backend, world).await;
    let owner = &app.owner;
    let token = "00000000000000000000000000000000000000aa";
    let body = json!({
        "platform": "simulator",
        "credential": {"kind": "access_token", "token": token},
    });
    let connected = owner
        .in_person()
        .put(&owner.path("/platform-account"), &body)
        .await;
    assert!(connected.status.is_success(), "{}", connected.body);
    assert_eq!(connected.body["can_delete"], false, "{}", connected.body);
    let body = json!({"name": "shop", "blueprint": "empty"});
    let answer = owner.post(&owner.path("/environments"), "key", &body).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(answer.body["code"], "delete-confirmation-unavailable");
}

async fn a_refused_platform_credential_is_not_stored(backend: Backend) {
    let app = App::start_unconnected(backend, World::example()).await;
    let answer = app
        .owner
        .connect_account("owner@example.com", "wrong")
        .await;
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        answer.body
    );
    assert_eq!(answer.body["code"], "platform-credential-refused");
    let shown = app.owner.get(&app.owner.path("/platform-account")).await;
    assert_eq!(shown.status, StatusCode::NOT_FOUND);
}
