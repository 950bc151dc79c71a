//! The way of a new customer, from registration to a running site, and that of one who brings a platform
//! account along.

use crate::on_both_backends;
use crate::support::{App, Backend, OWNER, PASSWORD, found_team, mailed, register, sign_in};
use domain::access::PermissionSet;
use http::StatusCode;
use serde_json::json;
use virtuozzo_simulator::{Effect, World};

on_both_backends!(
    a_new_customer_registers_verifies_founds_a_team_connects_and_provisions,
    a_migrating_customer_brings_a_checked_account_along,
    a_registration_says_nothing_about_who_is_registered,
);

fn created(app: &App) -> usize {
    let ledger = app.simulator.ledger();
    let created = ledger
        .iter()
        .filter(|entry| entry.effect == Effect::EnvironmentCreated);
    created.count()
}

async fn a_new_customer_registers_verifies_founds_a_team_connects_and_provisions(backend: Backend) {
    let app = App::start_unconnected(backend, World::example()).await;
    let person = register(&app, app.owner.base(), "nora@example.com").await;
    let owner = found_team(&person, "Nora's sites", PermissionSet::all()).await;
    let refused = owner
        .post(
            &owner.path("/environments"),
            "too-early",
            &json!({"name": "shop", "blueprint": "wordpress"}),
        )
        .await;
    assert_eq!(refused.body["code"], "platform-account-missing");
    let connected = owner
        .connect_account("owner@example.com", "example-password")
        .await;
    assert_eq!(connected.status, StatusCode::OK, "{}", connected.body);
    let accepted = owner.provision("shop", "wordpress", &["sftp"]).await;
    let job = owner
        .job_at_rest(accepted["id"].as_str().expect("an id"))
        .await;
    assert_eq!(job["state"], "succeeded", "{job}\n{}", app.logs());
    assert_eq!(created(&app), 1);
}

async fn a_migrating_customer_brings_a_checked_account_along(backend: Backend) {
    let app = App::start_unconnected(backend, World::example()).await;
    let nobody = app.owner.with(crate::support::Credential::Nothing);
    let registration = |password: &str| {
        json!({
            "email": "mia@example.com", "password": PASSWORD, "name": "Mia", "team_name": "Mia's sites",
            "platform_account": {
                "platform": "simulator",
                "credential": {"kind": "password", "login": "owner@example.com", "password": password},
            },
        })
    };
    let refused = nobody
        .ask("/v1/registrations", &registration("wrong"))
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.body["code"], "platform-credential-refused");
    let pointer = refused.body["errors"][0]["pointer"].as_str();
    assert_eq!(pointer, Some("/platform_account/credential"));

    let accepted = nobody
        .ask("/v1/registrations", &registration("example-password"))
        .await;
    assert_eq!(accepted.status, StatusCode::ACCEPTED, "{}", accepted.body);
    let token = mailed(&app, "mia@example.com", "wdl_verify_").await;
    let proof = json!({"token": token});
    let proved = nobody.ask("/v1/email-verifications", &proof).await;
    assert_eq!(proved.status, StatusCode::NO_CONTENT, "{}", proved.body);
    let again = nobody.ask("/v1/email-verifications", &proof).await;
    assert_eq!(again.body["code"], "link-invalid", "a link is good once");
    let mia = sign_in(&nobody, "mia@example.com", PASSWORD).await;
    let teams = mia.get("/v1/teams").await;
    assert_eq!(
        teams.body["data"][0]["name"], "Mia's sites",
        "{}",
        teams.body
    );
    let id = teams.body["data"][0]["id"].as_str().expect("an id");
    let mia = mia.at(mia.base(), id);
    let account = mia.get(&mia.path("/platform-account")).await;
    assert_eq!(account.body["state"], "connected", "{}", account.body);
    let job = mia.provision("shop", "wordpress", &[]).await;
    let job = mia.job_at_rest(job["id"].as_str().expect("an id")).await;
    assert_eq!(job["state"], "succeeded", "{job}\n{}", app.logs());
}

async fn a_registration_says_nothing_about_who_is_registered(backend: Backend) {
    let app = App::start_unconnected(backend, World::example()).await;
    let nobody = app.owner.with(crate::support::Credential::Nothing);
    let ask = async |path: &str, email: &str| {
        let body = match path {
            "/v1/registrations" => json!({"email": email, "password": PASSWORD, "name": "X"}),
            "/v1/browser-sessions" => json!({"email": email, "password": "not the right password"}),
            _ => json!({"email": email}),
        };
        let mut answer = nobody.ask(path, &body).await;
        if let Some(problem) = answer.body.as_object_mut() {
            problem.remove("request_id");
        }
        (answer.status, answer.body)
    };
    for path in [
        "/v1/registrations",
        "/v1/browser-sessions",
        "/v1/password-resets",
        "/v1/email-verifications/actions/resend",
    ] {
        let known = ask(path, OWNER).await;
        let unknown = ask(path, "nobody-knows-me@example.com").await;
        assert_eq!(known, unknown, "{path}");
    }
}
