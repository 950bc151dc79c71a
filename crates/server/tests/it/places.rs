//! Places of a worker: long jobs leave some to those that somebody waits for, and who waits for one says so.

use crate::on_both_backends;
use crate::support::{App, Backend, PATIENCE};
use http::StatusCode;
use serde_json::{Value, json};
use virtuozzo_simulator::{FaultKind, FaultRule, World};

on_both_backends!(a_restart_does_not_wait_behind_long_jobs_and_those_say_what_they_wait_for);

fn id(job: &Value) -> &str {
    job["id"].as_str().expect("an id")
}

/// The job that the action becomes.
async fn act(app: &App, environment: &str, action: &str, body: &Value) -> Value {
    let path = format!("/environments/{environment}/actions/{action}");
    let answer = app
        .owner
        .post(&app.owner.path(&path), environment, body)
        .await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
    answer.body
}

async fn a_restart_does_not_wait_behind_long_jobs_and_those_say_what_they_wait_for(
    backend: Backend,
) {
    let mut app = App::start_in(backend, World::example(), 0.02).await;
    let mut sites = Vec::new();
    for name in ["shop", "blog", "docs"] {
        let job = app.owner.provision(name, "empty", &[]).await;
        let job = app.owner.job_at_rest(id(&job)).await;
        let environment = job["environment_id"].as_str().expect("an environment");
        sites.push(environment.to_owned());
    }
    app.stop();
    app.change_file(
        "[jobs]",
        "[worker]\nconcurrency = 2\nbackground = 1\n\n[jobs]",
    );
    app.serve().await;
    let hold = FaultKind::HoldUntilReleased {
        name: "here".to_owned(),
        after_effect: false,
    };
    app.simulator
        .add_fault(FaultRule::once("redeploycontainers", hold));
    let redeploy = json!({
        "version": "8.3", "keeps_volumes": true, "target": {"node_group": "cp"},
    });
    let first = act(&app, &sites[0], "redeploy", &redeploy).await;
    let held = app.simulator.until_held("here");
    tokio::time::timeout(PATIENCE, held)
        .await
        .expect("the call reaches the platform");
    let second = act(&app, &sites[1], "redeploy", &redeploy).await;
    let services = json!({"what": "services", "target": {"node_group": "cp"}});
    let restart = act(&app, &sites[2], "restart", &services).await;
    let restart = app.owner.job_at_rest(id(&restart)).await;
    assert_eq!(restart["state"], "succeeded", "{restart}\n{}", app.logs());
    let waiting = app.owner.job(id(&second)).await;
    assert_eq!(waiting["state"], "queued", "{waiting}");
    assert_eq!(
        waiting["waiting_for"],
        json!({"reason": "capacity", "job_id": null, "since": null, "jobs_ahead": 0})
    );
    app.simulator.release("here");
    for job in [first, second] {
        let job = app.owner.job_at_rest(id(&job)).await;
        assert_eq!(job["state"], "succeeded", "{job}");
    }
}
