//! A team changes hands: no job works with the credential of who gave it away.

use crate::on_both_backends;
use crate::revocation::member;
use crate::support::{App, Backend, Caller, PATIENCE};
use http::StatusCode;
use serde_json::{Value, json};
use virtuozzo_simulator::{Effect, FaultKind, FaultRule};

on_both_backends!(
    a_team_changes_hands_under_no_running_job_and_what_waited_for_a_person_waits_for_its_new_owner
);

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().expect("a text").to_owned()
}

async fn restart(app: &App, environment: &str, key: &str) -> String {
    let path = format!("/environments/{environment}/actions/restart");
    let body = json!({"what": "services", "target": {"node_group": "cp"}});
    let accepted = app.owner.post(&app.owner.path(&path), key, &body).await;
    assert_eq!(accepted.status, StatusCode::ACCEPTED, "{}", accepted.body);
    text(&accepted.body, "id")
}

async fn accept(receiver: &Caller) -> (StatusCode, Value) {
    let path = receiver.path("/ownership-offer/actions/accept");
    let answer = receiver.ask(&path, &json!({})).await;
    (answer.status, answer.body)
}

/// A restart that happened and whose answer nobody can vouch for: it rests until a person decides.
async fn stuck_restart(app: &App, environment: &str) -> String {
    let untold = FaultKind::ForcedResult {
        result: 99,
        error: "the tracking is out of order".to_owned(),
    };
    let simulator = &app.simulator;
    simulator.add_fault(FaultRule::always("searchactions", untold));
    simulator.add_fault(FaultRule::once(
        "restartservices",
        FaultKind::EffectThenDrop,
    ));
    let job = restart(app, environment, "stuck").await;
    let rested = app.owner.job_at_rest(&job).await;
    assert_eq!(rested["state"], "needs_attention", "{rested}");
    simulator.clear_faults();
    job
}

async fn a_team_changes_hands_under_no_running_job_and_what_waited_for_a_person_waits_for_its_new_owner(
    backend: Backend,
) {
    let mut app = App::start(backend).await;
    let provisioned = app.owner.provision("shop", "empty", &[]).await;
    let provisioned = app.owner.job_at_rest(&text(&provisioned, "id")).await;
    let environment = text(&provisioned, "environment_id");
    let receiver = member(&app, "rita@example.com", "developer").await;
    let me = receiver.get("/v1/me").await;
    let owner = app.owner.in_person();
    let offer = json!({"user_id": me.body["user"]["id"]});
    let offered = owner.put(&owner.path("/ownership-offer"), &offer).await;
    assert!(offered.status.is_success(), "{} {}", offered.body, me.body);

    // Under a job that runs nothing changes hands.
    let hold = FaultKind::HoldUntilReleased {
        name: "here".to_owned(),
        after_effect: false,
    };
    app.simulator
        .add_fault(FaultRule::once("restartservices", hold));
    let running = restart(&app, &environment, "running").await;
    let held = app.simulator.until_held("here");
    tokio::time::timeout(PATIENCE, held)
        .await
        .expect("the call reaches the platform");
    let (status, refused) = accept(&receiver).await;
    assert_eq!(status, StatusCode::CONFLICT, "{refused}");
    assert_eq!(refused["code"], "team-busy");
    assert_eq!(refused["job_id"], running.as_str());
    app.simulator.release("here");
    let rested = app.owner.job_at_rest(&running).await;
    assert_eq!(rested["state"], "succeeded", "{rested}");

    // A job that waits for a person is no hindrance; nothing of it is done for the new owner.
    let stuck = stuck_restart(&app, &environment).await;
    let (status, accepted) = accept(&receiver).await;
    assert!(status.is_success(), "{accepted}");
    if backend == Backend::Embedded {
        app.stop();
    }
    let mut resolve = app.spawn(
        &["admin", "jobs", "resolve", "--happened", &stuck],
        "resolve",
    );
    let is_good = resolve.wait(PATIENCE).success();
    assert!(is_good, "{}", resolve.errors());
    if backend == Backend::Embedded {
        app.serve().await;
    }
    let receiver = receiver.at(app.owner.base(), &app.owner.team);
    let parked = testkit::wait::until("the job waits for the new owner", PATIENCE, async || {
        let job = receiver.job(&stuck).await;
        (job["waiting_for"]["reason"] == "reauthentication").then_some(job)
    })
    .await;
    assert_eq!(parked["progress"]["steps_done"], 0, "{parked}");
    let connected = receiver
        .connect_account("owner@example.com", "example-password")
        .await;
    assert_eq!(connected.status, StatusCode::OK, "{}", connected.body);
    let rested = receiver.job_at_rest(&stuck).await;
    assert_eq!(rested["state"], "succeeded", "{rested}\n{}", app.logs());
    let ledger = app.simulator.ledger();
    let restarts = ledger
        .iter()
        .filter(|entry| entry.effect == Effect::ServicesRestarted);
    assert_eq!(restarts.count(), 2, "each restart happened once");
}
