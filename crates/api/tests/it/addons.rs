//! Asking for an add-on.

use crate::environments::accepting;
use crate::support::{TestApi, request};
use domain::environment::EnvironmentState;
use http::{Method, StatusCode};

#[tokio::test]
async fn asking_for_an_addon_gives_the_job_that_installs_it() {
    let mut api = TestApi::new();
    let mut environment = api.environment("shop");
    environment.state = EnvironmentState::Running;
    let id = environment.id;
    let mut transaction = accepting(&api);
    transaction
        .environments
        .expect_find_environment()
        .returning(move |_, _| Ok(Some(environment.clone())));
    transaction
        .environments
        .expect_list_installations()
        .returning(|_, _| Ok(Vec::new()));
    api.storing(transaction);
    let path = api.path(&format!("/environments/{id}/addons"));
    let headers = [("idempotency-key", "key-1"), ("user-agent", "test/1")];
    let request = request(Method::POST, &path, &headers, r#"{"addon":"sftp"}"#);
    let answer = api.client().send(request).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    assert_eq!(answer.body["kind"], "addon.install");
    assert_eq!(answer.body["environment_id"], id.to_string());
    assert!(answer.header("location").contains("/jobs/job_"));
    assert_eq!(answer.header("retry-after"), "2");
}

#[tokio::test]
async fn an_addon_needs_a_key_a_known_name_and_a_standing_environment() {
    let mut api = TestApi::new();
    let environment = api.environment("shop");
    let path = api.path(&format!("/environments/{}/addons", environment.id));
    let mut transaction = accepting(&api);
    transaction
        .environments
        .expect_find_environment()
        .returning(move |_, _| Ok(Some(environment.clone())));
    api.storing(transaction);
    let client = api.client();
    let no_key = request(Method::POST, &path, &[], r#"{"addon":"sftp"}"#);
    let no_key = client.send(no_key).await;
    no_key.assert_problem(400, "idempotency-key-required");
    let unknown = client.post(&path, r#"{"addon":"magic"}"#).await;
    unknown.assert_problem(422, "validation-failed");
    unknown.assert_fault("body", "/addon");
    let provisioning = client.post(&path, r#"{"addon":"sftp"}"#).await;
    provisioning.assert_problem(409, "environment-state-conflict");
}
