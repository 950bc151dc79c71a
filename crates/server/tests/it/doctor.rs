//! `windlass doctor` and the bundle for who helps: what they say while all is well, and when something is not.

use crate::on_both_backends;
use crate::support::{App, Backend};
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt as _;
use virtuozzo_simulator::{FaultKind, FaultRule};

on_both_backends!(
    the_doctor_finds_everything_well_and_then_what_is_not,
    the_bundle_holds_what_helps_and_no_secret,
);

/// What a command says, and whether it ended well.
fn run(app: &App, arguments: &[&str], name: &str) -> (bool, String) {
    let mut process = app.spawn(arguments, name);
    let status = process.wait(crate::support::PATIENCE);
    (status.success(), process.output())
}

fn examine(app: &App, name: &str) -> (bool, Value) {
    let (is_well, said) = run(app, &["doctor", "--json"], name);
    let found = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"));
    (is_well, found)
}

fn verdict_of<'a>(found: &'a Value, name: &str) -> &'a Value {
    let checks = found["checks"].as_array().expect("checks");
    let check = checks.iter().find(|check| check["name"] == name);
    &check.unwrap_or_else(|| panic!("{name}: {found}"))["verdict"]
}

/// A site whose restart nobody knows the end of.
async fn trouble(app: &App) -> String {
    let owner = &app.owner;
    let job = owner.provision("shop", "empty", &[]).await;
    let job = owner.job_at_rest(job["id"].as_str().expect("an id")).await;
    let shop = job["environment_id"].as_str().expect("an environment");
    let untold = FaultKind::ForcedResult {
        result: 99,
        error: "the tracking is out of order".to_owned(),
    };
    app.simulator
        .add_fault(FaultRule::always("searchactions", untold));
    app.simulator.add_fault(FaultRule::once(
        "restartservices",
        FaultKind::EffectThenDrop,
    ));
    let path = owner.path(&format!("/environments/{shop}/actions/restart"));
    let body = json!({"what": "services", "target": {"node_group": "cp"}});
    let accepted = owner.post(&path, "restart", &body).await;
    let id = accepted.body["id"].as_str().expect("an id").to_owned();
    assert_eq!(owner.job_at_rest(&id).await["state"], "needs_attention");
    id
}

async fn the_doctor_finds_everything_well_and_then_what_is_not(backend: Backend) {
    let mut app = App::start(backend).await;
    let (is_well, found) = examine(&app, "well");
    assert!(is_well, "{found}");
    assert_eq!(found["verdict"], "good", "{found}");
    let (_, text) = run(&app, &["doctor"], "well-text");
    assert!(
        text.contains("it answers; its schema is up to date"),
        "{text}"
    );
    trouble(&app).await;
    let (is_well, found) = examine(&app, "attention");
    assert!(is_well, "a warning is no failure: {found}");
    assert_eq!(found["verdict"], "warning", "{found}");
    assert_eq!(verdict_of(&found, "jobs"), "warning");

    app.stop();
    let (_, found) = examine(&app, "stopped");
    assert_eq!(verdict_of(&found, "processes"), "warning", "{found}");
    let ring = app.folder.path().join("data/keys.json");
    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(&ring, open).expect("a key ring");
    app.change_file(&app.simulator.base_url(), "http://127.0.0.1:1");
    let (is_well, found) = examine(&app, "broken");
    assert!(!is_well, "{found}");
    for name in ["key_ring", "store", "platform simulator"] {
        assert_eq!(verdict_of(&found, name), "failed", "{found}");
    }
}

async fn the_bundle_holds_what_helps_and_no_secret(backend: Backend) {
    let app = App::start(backend).await;
    let job = trouble(&app).await;
    let log = app.folder.path().join("serve.log");
    let secret = app.simulator.session_keys().pop().expect("a session");
    std::fs::write(&log, format!("{}\nsession={secret}\n", app.logs())).expect("written");
    let (out, log) = (
        app.folder.path().join("bundle.json"),
        log.to_str().expect("UTF-8").to_owned(),
    );
    let out_text = out.to_str().expect("UTF-8");
    let arguments = ["admin", "support-bundle", "--out", out_text, "--log", &log];
    let (is_good, said) = run(&app, &arguments, "bundle");
    assert!(is_good, "{said}");
    let text = std::fs::read_to_string(&out).expect("a bundle");
    let mode = std::fs::metadata(&out)
        .expect("a bundle")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let bundle: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(bundle["jobs"][0]["id"], job.as_str());
    assert_eq!(bundle["doctor"]["verdict"], "warning");
    assert!(bundle["log"].as_array().expect("lines").len() > 3);
    for secret in [secret.as_str(), "example-password"] {
        assert!(!text.contains(secret), "the bundle holds a secret");
    }
    let (is_good, said) = run(&app, &arguments, "again");
    assert!(!is_good, "a file that is there was overwritten: {said}");
}
