//! What can be built, where, how much of it, what it uses, what it consists of, and under which names it is reached.

use crate::on_both_backends;
use crate::settlement::site::{self, Site};
use crate::support::{App, Backend};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use virtuozzo_simulator::{FaultKind, FaultRule};

on_both_backends!(
    what_the_platform_has_and_gives_is_shown,
    what_an_environment_consists_of_is_found_and_shown,
    a_team_does_not_ask_the_platform_without_end,
);

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

async fn what_an_environment_consists_of_is_found_and_shown(backend: Backend) {
    let app = App::start_in(backend, site::world(), 0.0).await;
    let site = Site::provision(&app, 0).await;
    let environment = format!("/environments/{}", site.id());
    let whole = app.owner.get(&app.owner.path(&environment)).await.body;
    let name = whole["name"].as_str().expect("a name");

    let found = read(&app, &format!("/environments?state=running&q={name}")).await;
    assert_eq!(found[0]["id"], site.id(), "{found}");
    let other = read(&app, &format!("/environments?state=stopped&q={name}")).await;
    assert_eq!(other, json!([]));

    let addons = read(&app, &format!("{environment}/addons")).await;
    let sftp = addons.as_array().expect("a list").iter();
    let sftp = sftp.clone().find(|it| it["addon"] == "sftp");
    assert_eq!(sftp.expect("listed")["available"], true);

    let node = whole["nodes"][0]["id"].as_str().expect("a node");
    let body = json!({"node_id": node, "variables": {"APP_KEY": "canary-of-a-variable"}});
    let job = site.rest(site.post("/variables/actions/add", body)).await;
    assert_eq!(job["state"], "succeeded", "{job}");
    let path = format!("{environment}/nodes/{node}/variables");
    let of = |listed: &Value| {
        let all = listed.as_array().expect("a list").iter();
        let one = all.clone().find(|it| it["name"] == "APP_KEY");
        one.expect("it was added")["value"].clone()
    };
    assert_eq!(of(&read(&app, &path).await), Value::Null);
    let shown = read(&app, &format!("{path}?values=true")).await;
    assert_eq!(of(&shown), "canary-of-a-variable");
    let trail = read(&app, "/audit-events?limit=1").await;
    assert_eq!(trail[0]["action"], "variables.view_values", "{trail}");
    assert!(!app.logs().contains("canary-of-a-variable"));

    let job = site.rest(site.post(
        "/groups/actions/attach",
        json!({"group": "customers/example"}),
    ));
    assert_eq!(job.await["state"], "succeeded");
    let groups = read(&app, "/groups").await;
    let expected = json!({"name": "customers/example", "environment_ids": [site.id()]});
    assert_eq!(groups, json!([expected]));

    let body = json!({"display_name": "Another name"});
    let renamed = site.wish(Method::PUT, "/display-name", body);
    let job = site.rest(renamed).await;
    assert_eq!(job["state"], "succeeded", "{job}");
    let found = read(&app, "/environments?q=another").await;
    assert_eq!(found[0]["display_name"], "Another name", "{found}");

    // Names in `.test` lead nowhere, anywhere.
    let path = format!("{environment}/domains/shop.example.test/dns-check");
    let checked = app.owner.get(&app.owner.path(&path)).await;
    assert_eq!(checked.status, StatusCode::OK, "{}", checked.body);
    assert_eq!(checked.body["leads_here"], false);
    assert_eq!(checked.body["addresses"], json!([]));
    assert_eq!(checked.body["dns_record"]["name"], "shop.example.test");
}

async fn a_team_does_not_ask_the_platform_without_end(backend: Backend) {
    let mut app = App::start_in(backend, site::world(), 0.0).await;
    let site = Site::provision(&app, 0).await;
    app.stop();
    app.change_file("platform_reads = 1000000000", "platform_reads = 2");
    app.serve().await;
    let of = |seconds: u32| {
        let path = format!("/environments/{}/usage?seconds={seconds}", site.id());
        app.owner.path(&path)
    };
    // What was just answered is not asked again.
    for seconds in [60, 60, 61, 61] {
        assert_eq!(app.owner.get(&of(seconds)).await.status, StatusCode::OK);
    }
    let refused = app.owner.get(&of(62)).await;
    assert_eq!(
        refused.status,
        StatusCode::TOO_MANY_REQUESTS,
        "{}",
        refused.body
    );
    assert_eq!(refused.body["code"], "platform-budget-spent");
    assert!(refused.headers.contains_key("retry-after"));
    // What needs no platform goes on, and so do jobs.
    assert_eq!(read(&app, "/environments").await[0]["id"], site.id());
    let stop = format!("/environments/{}/actions/stop", site.id());
    let stop = app.owner.path(&stop);
    let accepted = app.owner.post(&stop, "stop", &json!({})).await;
    let job = accepted.body["id"].as_str().expect("an id").to_owned();
    assert_eq!(app.owner.job_at_rest(&job).await["state"], "succeeded");
}
