//! Jobs that wait for a person, and what the commands of whoever runs the service make of them.

use crate::on_both_backends;
use crate::support::{App, Backend, PATIENCE};
use http::StatusCode;
use serde_json::{Value, json};
use virtuozzo_simulator::{Effect, FaultKind, FaultRule};

on_both_backends!(a_person_decides_about_a_restart_that_nobody_can_vouch_for);

struct Stuck {
    job: String,
    environment: String,
}

/// A restart whose answer is lost, on a platform whose tracking tells nothing.
async fn stuck(app: &App, name: &str, lost: FaultKind) -> Stuck {
    let owner = &app.owner;
    let provisioned = owner.provision(name, "empty", &[]).await;
    let provisioned = owner
        .job_at_rest(provisioned["id"].as_str().expect("an id"))
        .await;
    let environment = provisioned["environment_id"].as_str().expect("an id");
    app.simulator
        .add_fault(FaultRule::once("restartservices", lost));
    let accepted = restart(app, environment, name).await;
    let job = accepted["id"].as_str().expect("an id").to_owned();
    let rested = owner.job_at_rest(&job).await;
    assert_eq!(rested["state"], "needs_attention", "{rested}");
    assert_eq!(rested["problem"]["code"], "needs-attention");
    assert_eq!(rested["problem"]["step"], "restart_cp");
    Stuck {
        job,
        environment: environment.to_owned(),
    }
}

async fn restart(app: &App, environment: &str, key: &str) -> Value {
    let path = app
        .owner
        .path(&format!("/environments/{environment}/actions/restart"));
    let body = json!({"what": "services", "target": {"node_group": "cp"}});
    app.owner.post(&path, key, &body).await.body
}

/// What the command printed; it may have been refused.
fn admin(app: &App, arguments: &[&str], name: &str) -> (bool, String) {
    let arguments: Vec<_> = ["admin", "jobs"].iter().chain(arguments).copied().collect();
    let mut process = app.spawn(&arguments, name);
    let is_good = process.wait(PATIENCE).success();
    (is_good, process.output() + &process.errors())
}

fn decide(app: &App, arguments: &[&str], name: &str) {
    let (is_good, said) = admin(app, arguments, name);
    assert!(is_good, "{arguments:?}: {said}");
}

/// What has failed is done once more, by a new job.
fn done_once_more(app: &App, failed: &Stuck) -> String {
    let (is_good, said) = admin(app, &["retry", &failed.job], "once-more");
    assert!(is_good, "{said}");
    said.split_whitespace().last().expect("an id").to_owned()
}

async fn a_person_decides_about_a_restart_that_nobody_can_vouch_for(backend: Backend) {
    let mut app = App::start(backend).await;
    let untold = FaultKind::ForcedResult {
        result: 99,
        error: "the tracking is out of order".to_owned(),
    };
    app.simulator
        .add_fault(FaultRule::always("searchactions", untold));
    let happened = stuck(&app, "happened", FaultKind::EffectThenDrop).await;
    let not = stuck(&app, "did-not", FaultKind::DropBeforeEffect).await;
    let given_up = stuck(&app, "given-up", FaultKind::EffectThenDrop).await;
    let again = stuck(&app, "again", FaultKind::EffectThenDrop).await;
    let refused = restart(&app, &happened.environment, "while-held").await;
    assert_eq!(refused["code"], "environment-state-conflict");
    assert_eq!(refused["job_id"], happened.job);
    app.simulator.clear_faults();

    // Reading works beside a running service.
    let (_, listed) = admin(
        &app,
        &["list", "--state", "needs_attention", "--json"],
        "list",
    );
    let listed: Value = serde_json::from_str(&listed).expect("JSON");
    assert_eq!(listed["jobs"].as_array().expect("jobs").len(), 4);
    let (_, shown) = admin(&app, &["show", &happened.job, "--json"], "show");
    let shown: Value = serde_json::from_str(&shown).expect("JSON");
    assert_eq!(shown["attempts"][0]["is_in_doubt"], true, "{shown}");
    assert_eq!(shown["can"].as_array().expect("verbs").len(), 4, "{shown}");

    if backend == Backend::Embedded {
        app.stop();
    }
    let note = ["--note", "seen in the dashboard"];
    let resolve = ["resolve", "--happened", &happened.job];
    decide(&app, &[&resolve[..], &note[..]].concat(), "happened");
    decide(&app, &["resolve", "--did-not-happen", &not.job], "not");
    decide(&app, &["fail", &given_up.job, note[0], note[1]], "fail");
    decide(&app, &["retry", &again.job], "retry");
    let new = done_once_more(&app, &given_up);
    let (is_good, said) = admin(&app, &["fail", &given_up.job], "twice");
    assert!(!is_good && said.contains("it is failed"), "{said}");
    if backend == Backend::Embedded {
        app.serve().await;
    }

    for job in [&happened.job, &not.job, &again.job, &new] {
        let job = app.owner.job_at_rest(job).await;
        assert_eq!(job["state"], "succeeded", "{job}\n{}", app.logs());
        assert_eq!(job["problem"], json!(null));
    }
    let failed = app.owner.job_at_rest(&given_up.job).await;
    assert_eq!(failed["state"], "failed");
    assert_eq!(failed["problem"]["remaining_steps"], json!(["restart_cp"]));
    assert_eq!(app.owner.job(&new).await["retry_of_job_id"], given_up.job);
    let log = app.owner.log(&happened.job).await;
    let is_said = |line: &Value| line["message"].as_str().expect("text").contains(note[1]);
    assert!(log.iter().any(is_said), "{log:?}");
    let restarts = app.simulator.ledger();
    let restarts = restarts
        .iter()
        .filter(|entry| entry.effect == Effect::ServicesRestarted);
    assert_eq!(
        restarts.count(),
        5,
        "each restart happened once, and one once more"
    );

    // Nothing is held any more.
    for stuck in [&happened, &not, &given_up, &again] {
        let path = format!("/environments/{}/actions/stop", stuck.environment);
        let path = app.owner.path(&path);
        let answer = app.owner.post(&path, &stuck.job, &json!({})).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
    }
}
