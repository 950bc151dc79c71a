//! What can be built, where, how much of it, what it uses, and under which names it is reached.

use crate::on_both_backends;
use crate::settlement::site::{self, Site};
use crate::support::{App, Backend};
use http::StatusCode;
use serde_json::{Value, json};
use virtuozzo_simulator::{FaultKind, FaultRule};

on_both_backends!(what_the_platform_has_and_gives_is_shown);

async fn read(app: &App, path: &str) -> Value {
    let answer = app.owner.get(&app.owner.path(path)).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    answer.body["data"].clone()
}

async fn what_the_platform_has_and_gives_is_shown(backend: Backend) {
    let app = App::start_in(backend, site::world(), 0.0).await;
    let site = Site::provision(&app, 0).await;
    let environment = format!("/environments/{}", site.id());

    let blueprints = read(&app, "/blueprints").await;
    let blueprints = blueprints.as_array().expect("a list");
    let wordpress = blueprints.iter().find(|it| it["name"] == "wordpress");
    let wordpress = wordpress.expect("it is configured");
    assert_eq!(wordpress["layers"][0]["node_group"], "cp");
    assert_eq!(wordpress["installs_package"], true);

    let shown = app.owner.get(&app.owner.path(&environment)).await.body;
    let regions = read(&app, "/regions").await;
    let regions = regions.as_array().expect("a list");
    let south = regions
        .iter()
        .find(|it| it["name"] == "example_south_group");
    let south = south.expect("it is listed");
    assert_eq!(south["is_enabled"], true);
    let wish = json!({"name": "elsewhere", "blueprint": "empty", "region": south["name"]});
    let job = site.rest(Site::post_to_team("/environments", wish)).await;
    assert_eq!(job["state"], "succeeded", "{job}");
    let elsewhere = job["environment_id"].as_str().expect("an id");
    let elsewhere = app.owner.path(&format!("/environments/{elsewhere}"));
    let url = app.owner.get(&elsewhere).await.body["site_url"].to_string();
    let domain = south["domain"].as_str().expect("the platform says it");
    assert!(url.contains(domain), "{url}");

    let quotas = read(&app, "/quotas").await;
    let names: Vec<_> = quotas.as_array().expect("a list").iter().collect();
    assert!(names.iter().any(|it| it["name"] == "environment.maxcount"));

    let usage = read(&app, &format!("{environment}/usage?seconds=7200")).await;
    let sample = &usage.as_array().expect("a list")[0];
    assert!(sample["seconds"].as_u64().is_some(), "{sample}");
    let too_long = app
        .owner
        .path(&format!("{environment}/usage?seconds=2592001"));
    let refused = app.owner.get(&too_long).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.body["errors"][0]["pointer"], "seconds");

    let path = format!("{environment}/domains");
    assert_eq!(read(&app, &path).await, json!([]));
    let wish = Site::post_to_team(&path, json!({"domain": "shop.example.com"}));
    let job = site.rest(wish).await;
    assert_eq!(job["state"], "succeeded", "{job}");
    // An answer is good for ten seconds, so another process is asked.
    let mut app = app;
    app.stop();
    app.serve().await;
    let domains = read(&app, &path).await;
    let domain = &domains[0];
    assert_eq!(domain["domain"], "shop.example.com");
    let host = shown["site_url"].as_str().expect("it stands");
    let host = host.trim_start_matches("https://").trim_matches('/');
    let record = json!({"name": "shop.example.com", "type": "CNAME", "value": host});
    assert_eq!(domain["dns_record"], record);

    app.stop();
    app.serve().await;
    let refusal = FaultKind::ForcedResult {
        result: 8,
        error: "not allowed".to_owned(),
    };
    app.simulator
        .add_fault(FaultRule::once("getextdomains", refusal));
    let refused = app.owner.get(&app.owner.path(&path)).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
    assert_eq!(refused.body["code"], "platform-refused");
}
