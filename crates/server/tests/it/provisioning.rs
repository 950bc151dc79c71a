//! From a request to a running WordPress site, and everything that is said about it on the way.

use crate::on_both_backends;
use crate::support::{App, Backend};
use http::{Method, StatusCode};
use serde_json::json;
use virtuozzo_simulator::Effect;

on_both_backends!(
    a_wordpress_site_is_built_once_and_shown_whole,
    a_repeated_request_is_the_same_job,
    an_addon_is_installed_in_a_standing_environment,
    stopping_politely_ends_with_success_and_loses_nothing,
);

fn count(app: &App, effect: Effect) -> usize {
    app.simulator
        .ledger()
        .iter()
        .filter(|entry| entry.effect == effect)
        .count()
}

async fn a_wordpress_site_is_built_once_and_shown_whole(backend: Backend) {
    let app = App::start(backend).await;
    let owner = &app.owner;
    let accepted = owner
        .provision("shop", "wordpress", &["sftp", "lets_encrypt"])
        .await;
    let id = accepted["id"].as_str().expect("an id");

    let job = owner.job_at_rest(id).await;
    assert_eq!(job["state"], "succeeded", "{job}\n{}", app.logs());
    assert_eq!(job["progress"]["percent"], 100);

    let environment_id = job["environment_id"].as_str().expect("an environment");
    let shown = owner
        .get(&owner.path(&format!("/environments/{environment_id}")))
        .await;
    assert_eq!(shown.status, StatusCode::OK);
    let environment = shown.body;
    assert_eq!(environment["state"], "running");
    let installed: Vec<_> = environment["installations"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|installation| {
            installation["software"]
                .as_str()
                .expect("a text")
                .to_owned()
        })
        .collect();
    assert_eq!(installed, ["package", "sftp", "lets_encrypt"]);
    let mut groups: Vec<_> = environment["nodes"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|node| node["node_group"].as_str().expect("a text").to_owned())
        .collect();
    groups.sort();
    assert_eq!(groups, ["cp", "sqldb"]);

    assert_eq!(count(&app, Effect::EnvironmentCreated), 1);
    assert_eq!(count(&app, Effect::PackageInstalled), 1);
    assert_eq!(count(&app, Effect::AddonInstalled), 2);
    assert_eq!(count(&app, Effect::EnvironmentDeleted), 0);

    let lines = owner.log(id).await;
    let sequences: Vec<_> = lines.iter().map(|line| line["sequence"].as_i64()).collect();
    let expected: Vec<_> = (1..=lines.len()).map(|n| i64::try_from(n).ok()).collect();
    assert_eq!(sequences, expected, "the log has no gap and no double");
}

async fn a_repeated_request_is_the_same_job(backend: Backend) {
    let app = App::start(backend).await;
    let owner = &app.owner;
    let body = json!({"name": "shop", "blueprint": "empty"});
    let path = owner.path("/environments");
    let first = owner.post(&path, "one", &body).await;
    let again = owner.post(&path, "one", &body).await;
    assert_eq!(
        (first.status, again.status),
        (StatusCode::ACCEPTED, StatusCode::ACCEPTED)
    );
    assert_eq!(first.body["id"], again.body["id"]);
    assert_eq!(again.header("idempotency-replayed"), "true");
    let id = first.body["id"].as_str().expect("an id");
    assert_eq!(first.header("location"), owner.path(&format!("/jobs/{id}")));

    let other = owner
        .post(
            &path,
            "one",
            &json!({"name": "shop2", "blueprint": "empty"}),
        )
        .await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(other.body["code"], "idempotency-key-reused");
    let taken = owner.post(&path, "two", &body).await;
    assert_eq!(taken.status, StatusCode::CONFLICT);
    assert_eq!(taken.body["code"], "environment-name-taken");

    let headers = [("prefer", "wait=30")];
    let job_path = owner.path(&format!("/jobs/{id}"));
    let job = owner
        .send(Method::GET, &job_path, &headers, String::new())
        .await;
    assert_eq!(job.body["state"], "succeeded", "{}", job.body);
    assert_eq!(count(&app, Effect::EnvironmentCreated), 1);
}

async fn an_addon_is_installed_in_a_standing_environment(backend: Backend) {
    let app = App::start(backend).await;
    let owner = &app.owner;
    let accepted = owner.provision("shop", "empty", &[]).await;
    let job = owner
        .job_at_rest(accepted["id"].as_str().expect("an id"))
        .await;
    let environment = job["environment_id"]
        .as_str()
        .expect("an environment")
        .to_owned();

    let path = owner.path(&format!("/environments/{environment}/addons"));
    let answer = owner.post(&path, "addon", &json!({"addon": "sftp"})).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
    let job = owner
        .job_at_rest(answer.body["id"].as_str().expect("an id"))
        .await;
    assert_eq!(job["state"], "succeeded", "{job}\n{}", app.logs());
    assert_eq!(count(&app, Effect::AddonInstalled), 1);

    let again = owner.post(&path, "again", &json!({"addon": "sftp"})).await;
    assert_eq!(again.body["code"], "addon-already-installed");
    let unmapped = owner
        .post(&path, "unmapped", &json!({"addon": "root_access"}))
        .await;
    assert_eq!(unmapped.status, StatusCode::CONFLICT);
    assert_eq!(unmapped.body["code"], "action-not-configured");
}

async fn stopping_politely_ends_with_success_and_loses_nothing(backend: Backend) {
    let mut app = App::start(backend).await;
    let accepted = app.owner.provision("shop", "wordpress", &[]).await;
    assert!(app.stop().success(), "{}", app.logs());
    app.serve().await;
    let job = app
        .owner
        .job_at_rest(accepted["id"].as_str().expect("an id"))
        .await;
    assert_eq!(job["state"], "succeeded", "{job}\n{}", app.logs());
    assert_eq!(count(&app, Effect::EnvironmentCreated), 1);
    assert_eq!(count(&app, Effect::PackageInstalled), 1);
}
