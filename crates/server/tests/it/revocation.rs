//! What is taken away bites at once: in requests, in streams, and in a job that runs.

use crate::on_both_backends;
use crate::support::{App, Backend, Caller, Credential, PATIENCE, mailed, new_token, register};
use domain::access::{Permission, PermissionSet};
use domain::ports::Clock as _;
use http::{Method, StatusCode};
use serde_json::json;
use std::time::Duration;
use testkit::clocks::SystemTestClock;
use virtuozzo_simulator::{Effect, World};

on_both_backends!(
    a_revoked_token_starts_no_further_step_and_its_job_is_taken_back,
    a_member_who_is_removed_loses_tokens_requests_and_the_stream_of_a_job_that_goes_on,
    a_disconnected_account_parks_its_job_until_it_is_connected_again,
);

fn count(app: &App, effect: Effect) -> usize {
    let ledger = app.simulator.ledger();
    ledger.iter().filter(|entry| entry.effect == effect).count()
}

/// A member with that role, who came by invitation.
pub(crate) async fn member(app: &App, email: &str, role: &str) -> Caller {
    let owner = app.owner.in_person();
    let roles = owner.get(&owner.path("/roles?limit=200")).await;
    let roles = roles.body["data"].as_array().expect("a list").clone();
    let role = roles.iter().find(|it| it["kind"] == role);
    let role_id = role.expect("a built-in role")["id"].clone();
    let invitation = json!({"email": email, "role_id": role_id});
    let path = owner.path("/invitations");
    let invited = owner.ask(&path, &invitation).await;
    assert_eq!(invited.status, StatusCode::CREATED, "{}", invited.body);
    let token = mailed(app, email, "wdl_invite_").await;
    let person = register(app, owner.base(), email).await;
    let path = "/v1/invitations/actions/accept";
    let joined = person.ask(path, &json!({"token": token})).await;
    assert!(joined.status.is_success(), "{}", joined.body);
    person.at(owner.base(), &owner.team)
}

async fn delete(caller: &Caller, path: &str) {
    let answer = caller.send(Method::DELETE, path, &[], String::new()).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
}

async fn a_revoked_token_starts_no_further_step_and_its_job_is_taken_back(backend: Backend) {
    // Work takes some time, so that the job is caught in the middle.
    let app = App::start_in(backend, World::example(), 0.02).await;
    let owner = app.owner.in_person();
    let scopes = [
        Permission::EnvironmentCreate,
        Permission::AddonInstall,
        Permission::JobView,
    ];
    let token = new_token(&owner, PermissionSet::from_iter(scopes)).await;
    let text = token["token"].as_str().expect("a token").to_owned();
    let program = owner.with(Credential::Token(text));
    let job = program.provision("shop", "wordpress", &["sftp"]).await;
    let id = job["id"].as_str().expect("an id");
    testkit::wait::until("the platform builds", PATIENCE, async || {
        (count(&app, Effect::EnvironmentCreated) == 1).then_some(())
    })
    .await;
    let token_id = token["id"].as_str().expect("an id");
    delete(&owner, &owner.path(&format!("/api-tokens/{token_id}"))).await;
    let refused = program.get(&program.path(&format!("/jobs/{id}"))).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    let job = owner.job_at_rest(id).await;
    assert_eq!(job["state"], "failed", "{job}\n{}", app.logs());
    assert_eq!(job["problem"]["code"], "rights-revoked", "{job}");
    assert_eq!(count(&app, Effect::AddonInstalled), 0, "no step began");
    assert_eq!(count(&app, Effect::EnvironmentDeleted), 1, "it was undone");
}

async fn a_member_who_is_removed_loses_tokens_requests_and_the_stream_of_a_job_that_goes_on(
    backend: Backend,
) {
    let app = App::start_in(backend, World::example(), 0.5).await;
    let owner = app.owner.in_person();
    let mark = member(&app, "mark@example.com", "manager").await;
    let scopes = PermissionSet::from_iter([Permission::EnvironmentView, Permission::JobView]);
    let token = new_token(&mark, scopes).await;
    let program = mark.with(Credential::Token(
        token["token"].as_str().expect("a token").to_owned(),
    ));
    let job = app.owner.provision("shop", "wordpress", &[]).await;
    let id = job["id"].as_str().expect("an id");
    testkit::wait::until("the job has something to tell", PATIENCE, async || {
        (!owner.log(id).await.is_empty()).then_some(())
    })
    .await;
    let log = program.path(&format!("/jobs/{id}/log"));
    let tasks = tokio_util::task::TaskTracker::new();
    let following = tasks.spawn({
        let (program, log) = (program.clone(), log.clone());
        async move {
            let headers = [("accept", "text/event-stream")];
            let answer = program.send_once(&Method::GET, &log, &headers, "").await;
            (answer, SystemTestClock.instant())
        }
    });
    let environments = program.path("/environments");
    assert_eq!(program.get(&environments).await.status, StatusCode::OK);
    let me = mark.get("/v1/me").await;
    let user = me.body["user"]["id"].as_str().expect("an id").to_owned();
    delete(&owner, &owner.path(&format!("/members/{user}"))).await;
    let removed_at = SystemTestClock.instant();
    let by_token = program.get(&environments).await;
    assert_eq!(
        by_token.status,
        StatusCode::UNAUTHORIZED,
        "{}",
        by_token.body
    );
    let in_person = mark.get(&environments).await;
    assert_eq!(
        in_person.status,
        StatusCode::NOT_FOUND,
        "{}",
        in_person.body
    );
    let (stream, cut_at) = tokio::time::timeout(PATIENCE, following)
        .await
        .expect("the stream is cut while the job goes on")
        .expect("no panic");
    assert_eq!(stream.status, StatusCode::OK);
    assert!(stream.text.contains("event: line"), "{}", stream.text);
    assert!(!stream.text.contains("event: end"), "{}", stream.text);
    let lived_on = removed_at.until(cut_at);
    let job = owner.job(id).await;
    assert_eq!(job["state"], "running", "cut because of the removal: {job}");
    assert!(lived_on < Duration::from_secs(10), "{lived_on:?}");
}

async fn a_disconnected_account_parks_its_job_until_it_is_connected_again(backend: Backend) {
    let app = App::start_in(backend, World::example(), 0.02).await;
    let owner = app.owner.in_person();
    let job = app.owner.provision("shop", "wordpress", &["sftp"]).await;
    let id = job["id"].as_str().expect("an id");
    testkit::wait::until("the platform builds", PATIENCE, async || {
        (count(&app, Effect::EnvironmentCreated) == 1).then_some(())
    })
    .await;
    let path = owner.path("/platform-account");
    delete(&owner, &path).await;
    let shown = owner.get(&path).await;
    assert_eq!(shown.body["state"], "disconnected", "{}", shown.body);
    testkit::wait::until("the job waits for its owner", PATIENCE, async || {
        let job = owner.job(id).await;
        (job["waiting_for"]["reason"] == "reauthentication").then_some(())
    })
    .await;
    let connected = app
        .owner
        .connect_account("owner@example.com", "example-password")
        .await;
    assert_eq!(connected.status, StatusCode::OK, "{}", connected.body);
    let job = owner.job_at_rest(id).await;
    assert_eq!(job["state"], "succeeded", "{job}\n{}", app.logs());
    assert_eq!(count(&app, Effect::EnvironmentCreated), 1);
    assert_eq!(count(&app, Effect::AddonInstalled), 1);
}
