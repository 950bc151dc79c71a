//! Backups of a site: what was in it comes back.

use crate::on_both_backends;
use crate::support::{App, Backend, Caller};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use std::path::Path;
use virtuozzo_simulator::{Effect, FaultKind, FaultRule};

on_both_backends!(
    a_site_is_backed_up_and_what_was_in_it_comes_back,
    a_site_is_deleted_only_after_the_backup_that_was_asked_for,
);

/// A wish about the environment, and its job at rest.
async fn wish(owner: &Caller, environment: &str, rest: &str, body: &Value) -> Value {
    let path = owner.path(&format!("/environments/{environment}{rest}"));
    let accepted = owner.post(&path, &format!("{rest}{body}"), body).await;
    assert_eq!(accepted.status, StatusCode::ACCEPTED, "{}", accepted.body);
    owner
        .job_at_rest(accepted.body["id"].as_str().expect("an id"))
        .await
}

fn write(folder: &Path, text: &str) {
    std::fs::create_dir_all(folder.join("site")).expect("a writable folder");
    std::fs::write(folder.join("site/index.php"), text).expect("a writable file");
}

async fn a_site_is_backed_up_and_what_was_in_it_comes_back(backend: Backend) {
    let app = App::start(backend).await;
    let owner = &app.owner;
    let job = owner.provision("shop", "empty", &[]).await;
    let job = owner.job_at_rest(job["id"].as_str().expect("an id")).await;
    let shop = job["environment_id"].as_str().expect("an environment");
    let backups = owner.path(&format!("/environments/{shop}/backups"));
    let refused = owner.post(&backups, "too-early", &json!({})).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
    assert_eq!(refused.body["code"], "addon-not-installed");
    let installed = wish(owner, shop, "/addons", &json!({"addon": "backup"})).await;
    assert_eq!(installed["state"], "succeeded", "{installed}");
    // The first backup is of nothing; the folder of the node is there from then on.
    let first = wish(owner, shop, "/backups", &json!({})).await;
    assert_eq!(first["state"], "succeeded", "{first}\n{}", app.logs());
    assert_eq!(first["kind"], "backup.create");
    let folder = app.simulator.node_folders().pop().expect("one node");
    write(&folder, "the good version");
    let second = owner.post(&backups, "second", &json!({})).await;
    let second = second.body["id"].as_str().expect("an id").to_owned();
    assert_eq!(owner.job_at_rest(&second).await["state"], "succeeded");
    write(&folder, "a broken version");
    let body = json!({"snapshot": "2"});
    let restored = wish(owner, shop, "/actions/restore-backup", &body).await;
    assert_eq!(restored["state"], "succeeded", "{restored}");
    let text = std::fs::read_to_string(folder.join("site/index.php")).expect("a file");
    assert_eq!(text, "the good version");
    // What is not there changes nothing, and nobody pretends to know what became of it.
    let body = json!({"snapshot": "no-such-backup"});
    let lost = wish(owner, shop, "/actions/restore-backup", &body).await;
    assert_eq!(lost["state"], "failed", "{lost}");
    let text = std::fs::read_to_string(folder.join("site/index.php")).expect("a file");
    assert_eq!(text, "the good version");
    // Those that were made are listed; bringing one back makes none.
    let newest = owner.get(&format!("{backups}?limit=1")).await.body;
    let made = json!([&newest["data"][0]["job_id"], &newest["data"][0]["state"]]);
    assert_eq!(made, json!([second, "made"]), "{newest}");
    let cursor = newest["page"]["next_cursor"].as_str().expect("more");
    let rest = owner.get(&format!("{backups}?cursor={cursor}")).await.body;
    let rest_of_it: Vec<_> = rest["data"].as_array().expect("a list").iter().collect();
    assert_eq!(rest_of_it.len(), 1, "{rest}");
    assert_eq!(rest_of_it[0]["job_id"], first["id"]);
    assert!(rest_of_it[0]["ended_at"].is_string(), "{rest}");
}

async fn a_site_is_deleted_only_after_the_backup_that_was_asked_for(backend: Backend) {
    let app = App::start(backend).await;
    let owner = &app.owner;
    let job = owner.provision("shop", "empty", &[]).await;
    let job = owner.job_at_rest(job["id"].as_str().expect("an id")).await;
    let shop = job["environment_id"].as_str().expect("an environment");
    let path = owner.path(&format!("/environments/{shop}"));
    let delete = async |key: &str, query: &str| {
        let (path, key) = (format!("{path}{query}"), [("idempotency-key", key)]);
        owner.send(Method::DELETE, &path, &key, String::new()).await
    };
    let refused = delete("no-addon", "?backup_first=true").await;
    assert_eq!(refused.body["code"], "addon-not-installed");
    let wrong = delete("wrong", "?backup_first=yes").await;
    assert_eq!(wrong.body["errors"][0]["pointer"], "backup_first");
    let installed = wish(owner, shop, "/addons", &json!({"addon": "backup"})).await;
    assert_eq!(installed["state"], "succeeded", "{installed}");

    let backups = || {
        let ledger = app.simulator.ledger();
        let entries = ledger.iter();
        entries
            .filter(|entry| entry.effect == Effect::ActionExecuted)
            .count()
    };
    let refusal = FaultKind::ForcedResult {
        result: 8,
        error: "no room for a backup".to_owned(),
    };
    app.simulator
        .add_fault(FaultRule::once("executeaction", refusal));
    let accepted = delete("fails", "?backup_first=true").await;
    let job = owner
        .job_at_rest(accepted.body["id"].as_str().expect("an id"))
        .await;
    assert_eq!(job["state"], "failed", "{job}");
    let kept = owner.get(&path).await.body;
    assert_eq!(
        (&kept["state"], backups()),
        (&json!("running"), 0),
        "{kept}"
    );

    let accepted = delete("after-a-backup", "?backup_first=true").await;
    let job = owner
        .job_at_rest(accepted.body["id"].as_str().expect("an id"))
        .await;
    assert_eq!(
        (&job["state"], backups()),
        (&json!("succeeded"), 1),
        "{job}"
    );
    assert_eq!(owner.get(&path).await.body["state"], "deleted");
    let repeated = delete("after-a-backup", "").await;
    assert_eq!(repeated.body["code"], "idempotency-key-reused");
}
