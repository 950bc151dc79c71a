//! Doing once more what came to nothing.

use crate::on_both_backends;
use crate::support::{Answer, App, Backend, PATIENCE};
use http::StatusCode;
use serde_json::{Value, json};
use virtuozzo_simulator::{Effect, FaultKind, FaultRule};

on_both_backends!(
    what_failed_is_done_once_more_under_its_name,
    a_secret_is_opened_by_the_new_job,
);

async fn retry(app: &App, job: &Value, key: &str) -> Answer {
    let id = job["id"].as_str().expect("an id");
    let path = app.owner.path(&format!("/jobs/{id}/actions/retry"));
    app.owner.post(&path, key, &json!({})).await
}

async fn at_rest(app: &App, job: &Value) -> Value {
    app.owner
        .job_at_rest(job["id"].as_str().expect("an id"))
        .await
}

async fn what_failed_is_done_once_more_under_its_name(backend: Backend) {
    let app = App::start(backend).await;
    let broken = FaultRule::once("createenvironment", FaultKind::BrokenEnvironment);
    app.simulator.add_fault(broken);
    let first = app.owner.provision("shop", "empty", &[]).await;
    let first = at_rest(&app, &first).await;
    assert_eq!(first["state"], "failed", "{first}\n{}", app.logs());

    let hold = FaultKind::HoldUntilReleased {
        name: "here".to_owned(),
        after_effect: false,
    };
    app.simulator
        .add_fault(FaultRule::once("createenvironment", hold));
    let accepted = retry(&app, &first, "once-more").await;
    assert_eq!(accepted.status, StatusCode::ACCEPTED, "{}", accepted.text);
    assert_eq!(accepted.body["retry_of_job_id"], first["id"]);
    assert_ne!(accepted.body["environment_id"], first["environment_id"]);
    let held = app.simulator.until_held("here");
    tokio::time::timeout(PATIENCE, held)
        .await
        .expect("the call reaches the platform");
    let again = retry(&app, &first, "once-more").await;
    assert_eq!(again.body["id"], accepted.body["id"], "the same request");
    let too_many = retry(&app, &first, "twice-more").await;
    assert_eq!(too_many.status, StatusCode::CONFLICT, "{}", too_many.text);
    assert_eq!(too_many.body["code"], "environment-name-taken");
    assert_eq!(too_many.body["job_id"], accepted.body["id"]);
    app.simulator.release("here");

    let second = at_rest(&app, &accepted.body).await;
    assert_eq!(second["state"], "succeeded", "{second}\n{}", app.logs());
    let shown = second["environment_id"].as_str().expect("an environment");
    let path = app.owner.path(&format!("/environments/{shown}"));
    assert_eq!(app.owner.get(&path).await.body["name"], "shop");
    let of_success = retry(&app, &second, "of-success").await;
    assert_eq!(of_success.body["code"], "job-state-conflict");
    // The name has been taken meanwhile.
    let taken = retry(&app, &first, "name-taken").await;
    assert_eq!(
        taken.body["code"], "environment-name-taken",
        "{}",
        taken.text
    );
}

async fn a_secret_is_opened_by_the_new_job(backend: Backend) {
    let app = App::start(backend).await;
    let made = app.owner.provision("shop", "empty", &[]).await;
    let made = at_rest(&app, &made).await;
    let shown = made["environment_id"].as_str().expect("an environment");
    let path = app.owner.path(&format!("/environments/{shown}"));
    let nodes = app.owner.get(&path).await.body["nodes"].clone();
    let node = nodes[0]["id"].as_str().expect("a node");
    let refused = FaultKind::ForcedResult {
        result: 99,
        error: "not now".to_owned(),
    };
    app.simulator
        .add_fault(FaultRule::always("resetcontainerpasswordbyid", refused));
    let reset = format!("{path}/nodes/{node}/actions/reset-password");
    let body = json!({"of": "root", "password": "example-password-2"});
    let lost = app.owner.post(&reset, "reset", &body).await;
    let lost = at_rest(&app, &lost.body).await;
    assert_eq!(lost["state"], "failed", "{lost}\n{}", app.logs());
    app.simulator.clear_faults();
    let hold = FaultKind::HoldUntilReleased {
        name: "there".to_owned(),
        after_effect: false,
    };
    app.simulator
        .add_fault(FaultRule::once("resetcontainerpasswordbyid", hold));
    let accepted = retry(&app, &lost, "reset-once-more").await;
    assert_eq!(accepted.status, StatusCode::ACCEPTED, "{}", accepted.text);
    let too_many = retry(&app, &lost, "reset-twice-more").await;
    assert_eq!(too_many.status, StatusCode::CONFLICT, "{}", too_many.text);
    assert_eq!(too_many.body["code"], "job-state-conflict");
    let held = app.simulator.until_held("there");
    tokio::time::timeout(PATIENCE, held)
        .await
        .expect("the call reaches the platform");
    app.simulator.release("there");
    let done = at_rest(&app, &accepted.body).await;
    assert_eq!(done["state"], "succeeded", "{done}\n{}", app.logs());
    let ledger = app.simulator.ledger();
    let resets = ledger
        .iter()
        .filter(|it| it.effect == Effect::PasswordReset);
    assert_eq!(resets.count(), 1);
}
