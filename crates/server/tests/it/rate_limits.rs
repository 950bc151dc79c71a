//! How many requests may be made: by each process that stands alone, and by all replicas together.

use crate::on_both_backends;
use crate::support::{
    Answer, App, Backend, Caller, Credential, PATIENCE, Stores, metrics_of, new_token, ready,
};
use domain::access::PermissionSet;
use http::{Method, StatusCode};
use serde_json::json;
use std::time::{Duration, Instant};
use testkit::postgres::PostgresServer;
use testkit::redis::RedisServer;
use virtuozzo_simulator::World;

on_both_backends!(who_asks_too_often_is_told_when_to_come_back);

/// What the configuration of tests says, which is as good as no limit.
const UNLIMITED: &str = "credential = 1000000000";

async fn who_asks_too_often_is_told_when_to_come_back(backend: Backend) {
    let mut app = App::start(backend).await;
    app.stop();
    app.change_file(UNLIMITED, "credential = 5");
    app.serve().await;
    let jobs = app.owner.path("/jobs");
    let mut refused = None;
    for _ in 0..PATIENCE.as_secs() {
        let answer = app.owner.get(&jobs).await;
        if answer.status != StatusCode::OK {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("five a minute are fewer than that");
    assert_eq!(
        refused.status,
        StatusCode::TOO_MANY_REQUESTS,
        "{}",
        refused.body
    );
    assert_eq!(refused.body["code"], "rate-limited");
    assert_eq!(refused.body["violated_policies"], json!(["credential"]));
    let wait: u64 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=12).contains(&wait), "{wait}");
    assert!(
        refused.header("ratelimit").contains("\"credential\";r=0;"),
        "{}",
        refused.header("ratelimit")
    );
    // Another credential of the same person has a quota of its own.
    let person = app.owner.in_person();
    assert_eq!(person.get("/v1/me").await.status, StatusCode::OK);
    tokio::time::sleep(Duration::from_secs(wait)).await;
    assert_eq!(app.owner.get(&jobs).await.status, StatusCode::OK);
}

/// Asks the two by turns until both have refused; says how many were answered.
async fn answered(replicas: [&Caller; 2]) -> u32 {
    let path = replicas[0].path("/jobs");
    let mut answered = 0;
    let mut has_refused = [false, false];
    while has_refused != [true, true] {
        for (caller, has_refused) in replicas.iter().zip(&mut has_refused) {
            let Answer { status, body, .. } = caller.get(&path).await;
            match status {
                StatusCode::OK => answered += 1,
                StatusCode::TOO_MANY_REQUESTS => *has_refused = true,
                other => panic!("{other}: {body}"),
            }
        }
    }
    answered
}

/// How many may be answered in that time, with 60 a minute. Two that did not count together would answer 120.
fn at_most(took: Duration) -> u32 {
    61 + u32::try_from(took.as_secs()).expect("a short time")
}

/// How many requests were counted without the others, by what a process shows at its metrics.
fn counted_alone(metrics: &str) -> u32 {
    let name = "windlass_rate_limits_counted_alone_total ";
    let shown = metrics.lines().find_map(|line| line.strip_prefix(name));
    shown.map_or(0, |count| count.parse().expect("a count"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_share_one_limit_and_without_redis_each_has_its_part_of_it() {
    let mut redis = RedisServer::start();
    let database = PostgresServer::shared().create_database();
    let stores = Stores {
        database_url: Some(database.as_str().to_owned()),
        redis_url: Some(redis.url()),
    };
    let mut app = App::start_on(stores, World::example()).await;
    let another = new_token(&app.owner.in_person(), PermissionSet::all()).await;
    app.stop();
    app.change_file(UNLIMITED, "credential = 60");
    app.serve().await;
    let second = app.spawn(&["serve", "--role", "api"], "api-2");
    let base = ready(&second).await;
    let replica = app.owner.at(&base, &app.owner.team);
    let alone =
        async || counted_alone(&app.metrics().await) + counted_alone(&metrics_of(&second).await);
    let before = alone().await;
    let began = Instant::now();
    let together = answered([&app.owner, &replica]).await;
    // On a busy machine a request that does not hear from Redis in time is counted elsewhere.
    let most = at_most(began.elapsed()) + alone().await - before;
    assert!(
        (30..=most).contains(&together),
        "{together} in {:?}, at most {most}",
        began.elapsed()
    );
    // Each knows by now how many they are.
    tokio::time::sleep(Duration::from_secs(4)).await;
    redis.stop();
    let token = another["token"].as_str().expect("a token");
    let token = Credential::Token(token.to_owned());
    let owner = app.owner.with(token.clone());
    let replica = replica.with(token);
    let path = owner.path("/actions/sync");
    let accepted = owner.post(&path, "while-redis-is-silent", &json!({})).await;
    assert_eq!(accepted.status, StatusCode::ACCEPTED, "{}", accepted.body);
    let began = Instant::now();
    let apart = answered([&owner, &replica]).await;
    // Half of it each, and a moment in which one may not know yet that it is not alone.
    assert!(
        (30..=at_most(began.elapsed()) + 30).contains(&apart),
        "{apart} in {:?}",
        began.elapsed()
    );
    assert!(counted_alone(&metrics_of(&second).await) > 0);
}

/// What the file says about the proxy reaches every request: whose it is, who may read, and that it was encrypted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_a_proxy_each_client_has_a_quota_of_its_own() {
    let mut app = App::start(Backend::Embedded).await;
    app.stop();
    app.change_file("address = 1000000000", "address = 3");
    app.change_file(
        "[http]",
        "[http]\nbehind_proxy = true\ntrusted_proxies = \"127.0.0.0/8\"\n\
         allowed_origins = \"https://panel.example.com\"",
    );
    app.serve().await;
    let ask = async |client: &str| {
        let headers = [
            ("x-forwarded-for", client),
            ("origin", "https://panel.example.com"),
        ];
        let path = "/v1/version";
        let caller = app.owner.with(Credential::Nothing);
        caller
            .send(Method::GET, path, &headers, String::new())
            .await
    };
    for _ in 0..3 {
        let answer = ask("198.51.100.7").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let origin = answer.header("access-control-allow-origin");
        assert_eq!(origin, "https://panel.example.com");
        assert_ne!(answer.header("strict-transport-security"), "");
    }
    let refused = ask("198.51.100.7").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.body["violated_policies"], json!(["address"]));
    assert_eq!(ask("203.0.113.9").await.status, StatusCode::OK);
}
