//! No more jobs are accepted than there may be, and a request that was refused used nothing up.

use crate::on_both_backends;
use crate::support::{App, Backend};
use http::StatusCode;
use serde_json::json;
use virtuozzo_simulator::{FaultKind, FaultRule};

on_both_backends!(a_full_backlog_refuses_one_more_job_and_forgets_the_request);

async fn a_full_backlog_refuses_one_more_job_and_forgets_the_request(backend: Backend) {
    let mut app = App::start(backend).await;
    app.stop();
    app.set_about_jobs("backlog_per_team = 2");
    app.serve().await;
    let owner = &app.owner;
    let rest = owner.path("/environments");
    let hold = FaultKind::HoldUntilReleased {
        name: "here".to_owned(),
        after_effect: false,
    };
    let rule = FaultRule::once("createenvironment", hold);
    app.simulator.add_fault(rule);
    let body = |name: &str| json!({"name": name, "blueprint": "empty"});
    let mut accepted = Vec::new();
    for name in ["one", "two"] {
        let answer = owner.post(&rest, name, &body(name)).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
        accepted.push(answer.body["id"].as_str().expect("an id").to_owned());
    }
    let refused = owner.post(&rest, "three", &body("three")).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.body["code"], "team-backlog-full");
    assert_ne!(refused.header("retry-after"), "");
    // Who was accepted before is told so again.
    let replayed = owner.post(&rest, "two", &body("two")).await;
    assert_eq!(replayed.status, StatusCode::ACCEPTED, "{}", replayed.body);
    assert_eq!(replayed.body["id"], accepted[1].as_str());

    app.simulator.until_held("here").await;
    app.simulator.release("here");
    for job in &accepted {
        assert_eq!(owner.job_at_rest(job).await["state"], "succeeded");
    }
    let later = owner.post(&rest, "three", &body("three")).await;
    assert_eq!(later.status, StatusCode::ACCEPTED, "{}", later.body);
    assert_ne!(later.body["id"], accepted[1].as_str());
}
