//! Killed processes, lost answers and sessions that end: the job tells the truth in the end, and the
//! platform's ledger shows that nothing happened twice.

use crate::on_both_backends;
use crate::support::{App, Backend, PATIENCE};
use serde_json::Value;
use virtuozzo_simulator::{Effect, FaultKind, FaultRule};

on_both_backends!(
    killed_after_the_creation_was_sent_the_job_resumes_and_creates_once,
    killed_while_a_package_installs_the_job_resumes_and_installs_once,
    a_creation_whose_answer_is_lost_is_found_and_adopted,
    a_creation_that_never_arrived_is_proved_absent_and_sent_once_more,
    a_creation_that_answers_by_a_gateway_error_is_found_and_adopted,
    a_session_that_ends_before_the_creation_is_renewed,
    a_session_that_ends_inside_the_creation_is_settled_by_looking,
    a_lost_answer_of_an_installation_is_found_and_adopted,
    a_broken_creation_fails_and_is_taken_back,
    a_name_taken_on_the_platform_fails_before_anything_is_created,
);

fn effects(app: &App, effect: Effect) -> usize {
    app.simulator
        .ledger()
        .iter()
        .filter(|entry| entry.effect == effect)
        .count()
}

async fn provisioned_with(app: &App, fault: FaultRule) -> Value {
    app.simulator.add_fault(fault);
    let accepted = app.owner.provision("shop", "wordpress", &["sftp"]).await;
    app.owner
        .job_at_rest(accepted["id"].as_str().expect("an id"))
        .await
}

fn assert_built_once(app: &App, job: &Value) {
    assert_eq!(job["state"], "succeeded", "{job}\n{}", app.logs());
    assert_eq!(effects(app, Effect::EnvironmentCreated), 1);
    assert_eq!(effects(app, Effect::PackageInstalled), 1);
    assert_eq!(effects(app, Effect::AddonInstalled), 1);
    assert_eq!(effects(app, Effect::EnvironmentDeleted), 0);
}

fn hold(after_effect: bool) -> FaultKind {
    FaultKind::HoldUntilReleased {
        name: "here".to_owned(),
        after_effect,
    }
}

/// Kills the server while the call is held at the platform, starts it again, lets the call go on.
async fn killed_during(backend: Backend, method: &str, after_effect: bool) {
    let mut app = App::start(backend).await;
    app.simulator
        .add_fault(FaultRule::once(method, hold(after_effect)));
    let accepted = app.owner.provision("shop", "wordpress", &["sftp"]).await;
    let held = app.simulator.until_held("here");
    tokio::time::timeout(PATIENCE, held)
        .await
        .expect("the call reaches the platform");
    app.kill();
    app.simulator.release("here");
    app.serve().await;
    let job = app
        .owner
        .job_at_rest(accepted["id"].as_str().expect("an id"))
        .await;
    assert_built_once(&app, &job);
}

async fn killed_after_the_creation_was_sent_the_job_resumes_and_creates_once(backend: Backend) {
    killed_during(backend, "createenvironment", false).await;
    killed_during(backend, "createenvironment", true).await;
}

async fn killed_while_a_package_installs_the_job_resumes_and_installs_once(backend: Backend) {
    killed_during(backend, "install", true).await;
}

async fn a_creation_whose_answer_is_lost_is_found_and_adopted(backend: Backend) {
    let app = App::start(backend).await;
    let fault = FaultRule::once("createenvironment", FaultKind::EffectThenDrop);
    let job = provisioned_with(&app, fault).await;
    assert_built_once(&app, &job);
}

async fn a_creation_that_never_arrived_is_proved_absent_and_sent_once_more(backend: Backend) {
    let app = App::start(backend).await;
    let fault = FaultRule::once("createenvironment", FaultKind::DropBeforeEffect);
    let job = provisioned_with(&app, fault).await;
    assert_built_once(&app, &job);
    let sent = app
        .simulator
        .journal()
        .iter()
        .filter(|entry| entry.path.to_lowercase().ends_with("/createenvironment"))
        .count();
    assert_eq!(sent, 2, "one creation was lost and one was sent again");
}

async fn a_creation_that_answers_by_a_gateway_error_is_found_and_adopted(backend: Backend) {
    let app = App::start(backend).await;
    let kind = FaultKind::BadGatewayHtml { status: 504 };
    let job = provisioned_with(&app, FaultRule::once("createenvironment", kind)).await;
    assert_built_once(&app, &job);
}

async fn a_session_that_ends_before_the_creation_is_renewed(backend: Backend) {
    let app = App::start(backend).await;
    let fault = FaultRule::once("createenvironment", FaultKind::SessionExpiredOuter);
    let job = provisioned_with(&app, fault).await;
    assert_built_once(&app, &job);
    assert_eq!(
        effects(&app, Effect::SignedIn),
        2,
        "connecting, and one renewal"
    );
}

async fn a_session_that_ends_inside_the_creation_is_settled_by_looking(backend: Backend) {
    for after_effect in [true, false] {
        let app = App::start(backend).await;
        let kind = FaultKind::SessionExpiredNested { after_effect };
        let job = provisioned_with(&app, FaultRule::once("createenvironment", kind)).await;
        assert_built_once(&app, &job);
    }
}

async fn a_lost_answer_of_an_installation_is_found_and_adopted(backend: Backend) {
    for method in ["install", "installaddon"] {
        let app = App::start(backend).await;
        let job = provisioned_with(&app, FaultRule::once(method, FaultKind::EffectThenDrop)).await;
        assert_built_once(&app, &job);
    }
}

async fn a_broken_creation_fails_and_is_taken_back(backend: Backend) {
    let app = App::start(backend).await;
    let fault = FaultRule::once("createenvironment", FaultKind::BrokenEnvironment);
    let job = provisioned_with(&app, fault).await;
    assert_eq!(job["state"], "failed", "{job}\n{}", app.logs());
    assert_eq!(job["problem"]["code"], "environment-broken", "{job}");
    assert_eq!(effects(&app, Effect::EnvironmentDeleted), 1);
    // The name is free again.
    let body = serde_json::json!({"name": "shop", "blueprint": "empty"});
    let again = app
        .owner
        .post(&app.owner.path("/environments"), "again", &body)
        .await;
    assert_eq!(again.status, http::StatusCode::ACCEPTED, "{}", again.body);
}

async fn a_name_taken_on_the_platform_fails_before_anything_is_created(backend: Backend) {
    let app = App::start(backend).await;
    let job = provisioned_with(&app, FaultRule::once("checkdomain", FaultKind::NameTaken)).await;
    assert_eq!(job["state"], "failed", "{job}\n{}", app.logs());
    assert_eq!(job["problem"]["code"], "environment-name-taken");
    assert_eq!(effects(&app, Effect::EnvironmentCreated), 0);
}
