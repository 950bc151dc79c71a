//! The drill of docs/runbooks/drill.md: eight faults, the alert that each makes fire in a real Prometheus, and what ends
//! it.

use crate::support::{AlertWatch, App, Backend, Stores};
use http::StatusCode;
use serde_json::json;
use std::process::Command;
use testkit::postgres::{PostgresOptions, PostgresServer};
use testkit::redis::RedisServer;
use virtuozzo_simulator::{FaultKind, FaultRule, World};

async fn watched(app: &App) -> AlertWatch {
    AlertWatch::start(&[app.metrics_address()]).await
}

/// An environment that stands.
async fn site(app: &App, name: &str) -> String {
    let job = app.owner.provision(name, "empty", &[]).await;
    let job = app
        .owner
        .job_at_rest(job["id"].as_str().expect("an id"))
        .await;
    assert_eq!(job["state"], "succeeded", "{job}");
    job["environment_id"].as_str().expect("an id").to_owned()
}

async fn sync(app: &App, key: &str) {
    let path = app.owner.path("/actions/sync");
    let accepted = app.owner.post(&path, key, &json!({})).await;
    assert_eq!(accepted.status, StatusCode::ACCEPTED, "{}", accepted.body);
}

fn always(method: &str, status: u16) -> FaultRule {
    let kind = FaultKind::ProxyPage {
        status,
        retry_after_s: None,
    };
    FaultRule::always(method, kind)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_platform_that_is_down() {
    let app = App::start(Backend::Embedded).await;
    let watch = watched(&app).await;
    app.simulator.add_fault(always("getenvs", 503));
    sync(&app, "while-it-is-down").await;
    watch.until_fires("WindlassPlatformDown").await;
    app.simulator.clear_faults();
    watch.until_silent("WindlassPlatformDown").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_is_revoked_and_refused() {
    let app = App::start(Backend::Embedded).await;
    let watch = watched(&app).await;
    let refusal = FaultKind::ForcedResult {
        result: 701,
        error: "the password was changed".to_owned(),
    };
    app.simulator
        .add_fault(FaultRule::always("signin", refusal));
    app.simulator.expire_sessions();
    sync(&app, "after-the-revocation").await;
    watch.until_fires("WindlassSessionRefused").await;
    let path = app.owner.path("/platform-account");
    let shown = app.owner.get(&path).await.body;
    assert_eq!(shown["state"], "needs_reauthentication", "{shown}");
    app.simulator.clear_faults();
    let again = app
        .owner
        .connect_account("owner@example.com", "example-password")
        .await;
    assert!(again.status.is_success(), "{}", again.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_that_is_down() {
    let mut redis = RedisServer::start();
    let stores = Stores {
        database_url: Some(
            PostgresServer::shared()
                .create_database()
                .as_str()
                .to_owned(),
        ),
        redis_url: Some(redis.url()),
    };
    let app = App::start_on(stores, World::example()).await;
    let watch = watched(&app).await;
    redis.stop();
    watch.until_fires("WindlassRedisDown").await;
    let ready = app.owner.get("/readyz").await;
    assert_eq!(
        (ready.status, &ready.body["status"]),
        (StatusCode::OK, &json!("degraded"))
    );
    redis.restart();
    watch.until_silent("WindlassRedisDown").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_that_is_down() {
    let mut server = PostgresServer::start(PostgresOptions::default());
    let redis = RedisServer::start();
    let stores = Stores {
        database_url: Some(server.create_database().as_str().to_owned()),
        redis_url: Some(redis.url()),
    };
    let app = App::start_on(stores, World::example()).await;
    let watch = watched(&app).await;
    server.stop_immediately();
    watch.until_fires("WindlassStoreDown").await;
    let ready = app.owner.get("/readyz").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    server.restart();
    watch.until_silent("WindlassStoreDown").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_is_stuck() {
    let mut app = App::start(Backend::Embedded).await;
    let shop = site(&app, "shop").await;
    let untold = FaultKind::ForcedResult {
        result: 99,
        error: "the tracking is out of order".to_owned(),
    };
    app.simulator
        .add_fault(FaultRule::always("searchactions", untold));
    let lost = FaultRule::once("restartservices", FaultKind::EffectThenDrop);
    app.simulator.add_fault(lost);
    let path = format!("/environments/{shop}/actions/restart");
    let body = json!({"what": "services", "target": {"node_group": "cp"}});
    let accepted = app
        .owner
        .post(&app.owner.path(&path), "restart", &body)
        .await;
    let job = accepted.body["id"].as_str().expect("an id").to_owned();
    let watch = watched(&app).await;
    watch.until_fires("WindlassJobsNeedAttention").await;
    app.stop();
    let arguments = ["admin", "jobs", "resolve", "--happened", &job];
    let mut resolve = app.spawn(&arguments, "resolve");
    assert!(resolve.wait(crate::support::PATIENCE).success());
    app.serve().await;
    let watch = watched(&app).await;
    watch.until_silent("WindlassJobsNeedAttention").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_rotation_that_goes_wrong() {
    let app = App::start(Backend::Embedded).await;
    let watch = watched(&app).await;
    let ring = app.data_folder().join("keys.json");
    let good = std::fs::read(&ring).expect("a key ring");
    std::fs::write(&ring, "not a key ring").expect("written");
    watch.until_fires("WindlassKeysUnreadable").await;
    // The one from before stays in use.
    site(&app, "shop").await;
    std::fs::write(&ring, good).expect("written");
}

/// The kernel refuses whatever would make a file longer, as a full disk does.
fn set_file_limit(app: &App, bytes: &str) {
    let process = app.process_id().to_string();
    // The soft limit alone: only it can be raised again.
    let limit = format!("--fsize={bytes}:");
    let set = Command::new("prlimit")
        .args(["--pid", &process, &limit])
        .status();
    assert!(set.expect("util-linux").success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_is_full() {
    let mut app = App::start(Backend::Embedded).await;
    app.stop();
    app.serve_bearing_full_disks().await;
    let watch = watched(&app).await;
    set_file_limit(&app, "1");
    watch.until_fires("WindlassStoreNotWritable").await;
    let path = app.owner.path("/environments");
    assert_eq!(app.owner.get(&path).await.status, StatusCode::OK);
    let body = json!({"name": "shop", "blueprint": "empty"});
    let refused = app.owner.post(&path, "while-it-is-full", &body).await;
    assert_eq!(
        refused.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "{}",
        refused.body
    );
    set_file_limit(&app, "unlimited");
    watch.until_silent("WindlassStoreNotWritable").await;
    site(&app, "shop").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_team_that_is_noisy() {
    let mut app = App::start(Backend::Embedded).await;
    app.stop();
    app.change_file("credential = 1000000000", "credential = 30");
    app.serve().await;
    let watch = watched(&app).await;
    let path = app.owner.path("/jobs");
    let noise = async {
        loop {
            app.owner.get(&path).await;
        }
    };
    tokio::select! {
        () = noise => {}
        () = watch.until_fires("WindlassTeamIsNoisy") => {}
    }
}
