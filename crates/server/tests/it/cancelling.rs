//! Asking a job to stop: what it did is taken back, and its name is free again.

use crate::on_both_backends;
use crate::support::{App, Backend, PATIENCE};
use http::StatusCode;
use serde_json::json;
use virtuozzo_simulator::{Effect, FaultKind, FaultRule};

on_both_backends!(
    a_running_job_is_taken_back,
    a_job_that_ended_cannot_be_cancelled,
    what_has_no_way_back_cannot_be_cancelled_once_it_began
);

async fn a_running_job_is_taken_back(backend: Backend) {
    let app = App::start(backend).await;
    let owner = &app.owner;
    let hold = FaultKind::HoldUntilReleased {
        name: "here".to_owned(),
        after_effect: false,
    };
    app.simulator.add_fault(FaultRule::once("install", hold));
    let accepted = owner.provision("shop", "wordpress", &["sftp"]).await;
    let id = accepted["id"].as_str().expect("an id");
    let held = app.simulator.until_held("here");
    tokio::time::timeout(PATIENCE, held)
        .await
        .expect("the call reaches the platform");

    let path = owner.path(&format!("/jobs/{id}/actions/cancel"));
    let answer = owner.post(&path, "cancel", &json!({})).await;
    assert!(answer.status.is_success(), "{}", answer.body);
    assert_eq!(answer.body["state"], "cancelling");
    app.simulator.release("here");

    let job = owner.job_at_rest(id).await;
    assert_eq!(job["state"], "cancelled", "{job}\n{}", app.logs());
    let count = |effect| {
        app.simulator
            .ledger()
            .iter()
            .filter(|entry| entry.effect == effect)
            .count()
    };
    assert_eq!(count(Effect::EnvironmentCreated), 1);
    assert_eq!(count(Effect::EnvironmentDeleted), 1);
    assert_eq!(
        count(Effect::AddonInstalled),
        0,
        "no step starts after the wish"
    );
    let environment = job["environment_id"].as_str().expect("an environment");
    let shown = owner
        .get(&owner.path(&format!("/environments/{environment}")))
        .await;
    assert_eq!(shown.body["state"], "failed");
    let listed = owner.get(&owner.path("/environments")).await;
    assert_eq!(listed.body["data"], json!([]));
}

async fn a_job_that_ended_cannot_be_cancelled(backend: Backend) {
    let app = App::start(backend).await;
    let owner = &app.owner;
    let accepted = owner.provision("shop", "empty", &[]).await;
    let id = accepted["id"].as_str().expect("an id");
    owner.job_at_rest(id).await;
    let path = owner.path(&format!("/jobs/{id}/actions/cancel"));
    let answer = owner.post(&path, "cancel", &json!({})).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(answer.body["code"], "cancel-too-late");
}

async fn what_has_no_way_back_cannot_be_cancelled_once_it_began(backend: Backend) {
    let app = App::start(backend).await;
    let owner = &app.owner;
    let provisioned = owner.provision("shop", "empty", &[]).await;
    let provisioned = provisioned["id"].as_str().expect("an id");
    let provisioned = owner.job_at_rest(provisioned).await;
    let environment = provisioned["environment_id"].as_str().expect("an id");
    let hold = FaultKind::HoldUntilReleased {
        name: "here".to_owned(),
        after_effect: false,
    };
    app.simulator.add_fault(FaultRule::once("stopenv", hold));
    let stop = owner.path(&format!("/environments/{environment}/actions/stop"));
    let accepted = owner.post(&stop, "stop", &json!({})).await;
    let id = accepted.body["id"].as_str().expect("an id").to_owned();
    let held = app.simulator.until_held("here");
    tokio::time::timeout(PATIENCE, held)
        .await
        .expect("the call reaches the platform");

    let cancel = owner.path(&format!("/jobs/{id}/actions/cancel"));
    let answer = owner.post(&cancel, "cancel", &json!({})).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
    assert_eq!(answer.body["code"], "cancel-too-late");
    app.simulator.release("here");

    let job = owner.job_at_rest(&id).await;
    assert_eq!(job["state"], "succeeded", "{job}\n{}", app.logs());
    assert_eq!(job["is_cancel_requested"], false);
}
