//! A pause of a team or of a platform: no step begins while it lasts, and jobs go on by themselves after it.

use crate::on_both_backends;
use crate::support::{App, Backend, Caller, PATIENCE, register};
use http::StatusCode;
use serde_json::json;
use virtuozzo_simulator::{FaultKind, FaultRule, World};

on_both_backends!(a_paused_team_changes_nothing_more_and_a_paused_platform_neither);

async fn operator(app: &mut App) -> Caller {
    let email = "operator@example.com";
    let operator = register(app, app.owner.base(), email).await;
    app.stop();
    let grant = ["admin", "operators", "grant", "--email", email];
    let mut granting = app.spawn(&grant, "grant");
    assert!(granting.wait(PATIENCE).success(), "{}", granting.errors());
    app.serve().await;
    operator.at(app.owner.base(), &app.owner.team)
}

async fn pause_and_resume(app: &App, operator: &Caller, path: &str, name: &str) {
    let owner = &app.owner;
    let hold = FaultKind::HoldUntilReleased {
        name: name.to_owned(),
        after_effect: false,
    };
    app.simulator
        .add_fault(FaultRule::once("createenvironment", hold));
    let job = owner.provision(name, "wordpress", &[]).await;
    let id = job["id"].as_str().expect("an id");
    let held = app.simulator.until_held(name);
    tokio::time::timeout(PATIENCE, held)
        .await
        .expect("the call reaches the platform");
    let reason = json!({"reason": "the platform is being moved"});
    let paused = operator.ask(&format!("{path}/pause"), &reason).await;
    assert_eq!(paused.status, StatusCode::OK, "{}", paused.body);
    let again = operator.ask(&format!("{path}/pause"), &reason).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.body);
    app.simulator.release(name);
    testkit::wait::until("the job waits", PATIENCE, async || {
        let job = owner.job(id).await;
        (job["waiting_for"]["reason"] == "paused").then_some(())
    })
    .await;
    let before = app.simulator.ledger().len();
    // It is looked at again every five seconds; nothing may come of that.
    let second = owner.provision(&format!("{name}-b"), "empty", &[]).await;
    let until = std::time::Duration::from_secs(7);
    tokio::time::sleep(until).await;
    assert_eq!(app.simulator.ledger().len(), before);
    let log = owner.log(id).await;
    let said = log.last().expect("a line")["message"].to_string();
    assert!(said.contains("the platform is being moved"), "{said}");
    let ended = operator.ask(&format!("{path}/end-pause"), &json!({})).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT, "{}", ended.body);
    for id in [id, second["id"].as_str().expect("an id")] {
        let job = owner.job_at_rest(id).await;
        assert_eq!(job["state"], "succeeded", "{job}");
    }
}

async fn a_paused_team_changes_nothing_more_and_a_paused_platform_neither(backend: Backend) {
    let mut app = App::start_in(backend, World::example(), 0.02).await;
    let operator = operator(&mut app).await;
    let team = format!("/v1/operator/teams/{}/actions", app.owner.team);
    pause_and_resume(&app, &operator, &team, "shop").await;
    let platform = "/v1/operator/platforms/simulator/actions";
    pause_and_resume(&app, &operator, platform, "blog").await;
    let pauses = operator.get("/v1/operator/pauses").await;
    assert_eq!(pauses.body["data"], json!([]));
}
