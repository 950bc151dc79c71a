//! Five seconds after the last call to the platform, no copy of ours of a session key, a password or an
//! access token is left in the server's memory.
//!
//! The server is looked into from outside, as a debugger would. `cargo xtask prove memory-scan` runs this
//! with the release build and keeps the counts of all layers, also of those that are not ours.

mod attribution;
mod mappings;
mod scan;

use crate::support::{App, Backend, PATIENCE};
use attribution::Layer;
use domain::platform_account::CredentialKind;
use http::StatusCode;
use mappings::Kind;
use scan::{Found, Scan, Wanted, scan};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use virtuozzo_simulator::{World, WorldSecret};

/// How long nothing was said to the platform.
const SILENCE_MILLISECONDS: u64 = 5_000;
/// Has to be escaped in JSON and in forms, so each layer holds it in another spelling.
const PASSWORD: &str = "Kd93mXw7QpLz2VbN\"\\Rt58hYc4JfGs6TzA";
const TOKEN: &str = "c41d9be7205f6a83d17c02e94b68fa35719d0e2b";
/// Something that the server certainly remembers: who does not find it has not looked.
const REMEMBERED: &str = "https://packages.example.com/wordpress/manifest.yaml";
/// The proof finds the counts behind this.
const MARK: &str = "memory-scan-counts: ";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn embedded_with_a_password() {
    let app = App::start_unconnected(Backend::Embedded, world()).await;
    no_copy_is_ours("embedded, password", app, CredentialKind::Password).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn embedded_with_an_access_token() {
    let app = App::start_unconnected(Backend::Embedded, world()).await;
    no_copy_is_ours("embedded, access token", app, CredentialKind::AccessToken).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_and_redis_with_a_password() {
    let app = App::start_unconnected(Backend::PostgresAndRedis, world()).await;
    no_copy_is_ours(
        "PostgreSQL and Redis, password",
        app,
        CredentialKind::Password,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn embedded_with_an_encrypted_platform() {
    let app = App::start_encrypted(Backend::Embedded, world()).await;
    no_copy_is_ours("embedded, password, TLS", app, CredentialKind::Password).await;
}

/// The example's, with secrets that stand nowhere else.
fn world() -> World {
    let mut world = World::example();
    let account = &mut world.accounts[0];
    account.password = WorldSecret::new(PASSWORD);
    account.tokens[0].value = WorldSecret::new(TOKEN);
    world
}

#[expect(
    clippy::print_stdout,
    reason = "the proof reads the counts, and who has to find a copy needs to see it"
)]
async fn no_copy_is_ours(variant: &str, app: App, kind: CredentialKind) {
    let mut wanted = vec![match kind {
        CredentialKind::Password => Wanted::secret("password", PASSWORD),
        CredentialKind::AccessToken => Wanted::secret("access_token", TOKEN),
    }];
    let keys = use_the_account(&app, kind).await;
    wanted.extend(keys.iter().map(|key| Wanted::secret("session_key", key)));
    wait_for_silence(&app).await;

    let control = scan(app.process_id(), &[Wanted::text("control", REMEMBERED)]);
    assert!(!control.found.is_empty(), "nothing was looked at");
    let scanned = scan(app.process_id(), &wanted);
    println!("{MARK}{}", json!({ variant: counts(&scanned, &wanted) }));
    for found in &scanned.found {
        println!("{found}");
    }
    let is_ours = |found: &&Found| found.layer == Layer::Ours;
    let ours = scanned.found.iter().filter(is_ours).count();
    assert_eq!(ours, 0, "copies of ours");
}

/// Connects the account, builds a site, loses the session, builds another. Gives the keys of the sessions
/// that the platform made.
async fn use_the_account(app: &App, kind: CredentialKind) -> Vec<String> {
    let credential = match kind {
        CredentialKind::Password => {
            json!({"kind": "password", "login": "owner@example.com", "password": PASSWORD})
        }
        CredentialKind::AccessToken => json!({"kind": "access_token", "token": TOKEN}),
    };
    let body = json!({"platform": "simulator", "credential": credential});
    let path = app.owner.path("/platform-account");
    let connected = app.owner.in_person().put(&path, &body).await;
    assert_eq!(connected.status, StatusCode::OK, "{}", connected.body);
    build(app, "first", "wordpress").await;
    let mut keys = app.simulator.session_keys();
    app.simulator.expire_sessions();
    build(app, "second", "empty").await;
    keys.extend(app.simulator.session_keys());
    match kind {
        CredentialKind::Password => assert!(keys.len() >= 2, "the session was renewed"),
        CredentialKind::AccessToken => assert!(keys.is_empty(), "the token is the session"),
    }
    keys
}

async fn build(app: &App, name: &str, blueprint: &str) {
    let accepted = app.owner.provision(name, blueprint, &[]).await;
    let id = accepted["id"].as_str().expect("an id");
    let job = app.owner.job_at_rest(id).await;
    assert_eq!(job["state"], "succeeded", "{job}\n{}", app.logs());
}

/// Until the platform has heard nothing for long enough.
async fn wait_for_silence(app: &App) {
    testkit::wait::until("the platform hears nothing more", PATIENCE, async || {
        let calls = app.simulator.journal();
        let last = calls.iter().filter_map(|call| call.ended_at_ms).max()?;
        let is_silent = app.simulator.clock().now_ms() - last >= SILENCE_MILLISECONDS;
        is_silent.then_some(())
    })
    .await;
}

/// By secret and layer, and by what the memory is for.
fn counts(scan: &Scan, wanted: &[Wanted]) -> Value {
    let mut by_name: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
    for wanted in wanted {
        let by_layer = by_name.entry(wanted.name).or_default();
        *by_layer.entry("looked_for").or_default() += 1;
        by_layer.extend(Layer::ALL.map(|layer| (layer.as_str(), 0)));
    }
    let mut by_kind = Kind::ALL
        .map(|kind| (kind.as_str(), 0))
        .into_iter()
        .collect::<BTreeMap<_, u64>>();
    for found in &scan.found {
        let by_layer = by_name.entry(found.name).or_default();
        *by_layer.entry(found.layer.as_str()).or_default() += 1;
        *by_kind.entry(found.kind.as_str()).or_default() += 1;
    }
    json!({"copies": by_name, "mappings": by_kind, "bytes": scan.bytes})
}
