//! Health, version, catalogue and documentation: what needs no credential.

use crate::support::{Answer, Client, TestApi, request};
use api::ReadinessCheck;
use domain::error_code::ErrorCode;
use domain::ports::StoreError;
use futures::FutureExt as _;
use http::{Method, StatusCode};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

async fn anonymous(client: &Client, path: &str) -> Answer {
    let headers = [("authorization", "")];
    client.send(request(Method::GET, path, &headers, "")).await
}

#[tokio::test]
async fn the_process_lives_whatever_the_store_does() {
    let client = TestApi::new().client();
    let answer = anonymous(&client, "/healthz").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.body, json!({"status": "ok"}));
}

#[tokio::test]
async fn readiness_names_what_is_not_ready() {
    let mut api = TestApi::new();
    let is_up = Arc::new(AtomicBool::new(true));
    let asked = Arc::clone(&is_up);
    api.read_model.expect_ping().returning(move || {
        if asked.load(Ordering::SeqCst) {
            Ok(())
        } else {
            Err(StoreError::Busy)
        }
    });
    let (works, asked) = (Arc::new(AtomicBool::new(true)), Arc::clone(&is_up));
    let probed = Arc::clone(&works);
    api.checks.push(ReadinessCheck {
        name: "coordination",
        is_vital: false,
        probe: Arc::new(move || std::future::ready(probed.load(Ordering::SeqCst)).boxed()),
    });
    let shutdown = api.shutdown.clone();
    let client = api.client();
    let ready = anonymous(&client, "/readyz").await;
    assert_eq!(ready.status, StatusCode::OK, "{}", ready.text);
    let names: Vec<_> = ready.body["checks"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|check| (check["name"].as_str().expect("a name"), check["ok"] == true))
        .collect();
    assert_eq!(
        names,
        [("accepting", true), ("store", true), ("coordination", true)]
    );
    assert_eq!(ready.body["status"], "ok");
    works.store(false, Ordering::SeqCst);
    let degraded = anonymous(&client, "/readyz").await;
    assert_eq!(degraded.status, StatusCode::OK, "{}", degraded.text);
    assert_eq!(degraded.body["status"], "degraded");
    assert_eq!(degraded.body["checks"][2]["ok"], false);
    asked.store(false, Ordering::SeqCst);
    let unready = anonymous(&client, "/readyz").await;
    unready.assert_problem(503, "temporarily-unavailable");
    assert_eq!(unready.body["detail"], "not ready: store");
    asked.store(true, Ordering::SeqCst);
    works.store(true, Ordering::SeqCst);
    shutdown.cancel();
    let ending = anonymous(&client, "/readyz").await;
    assert_eq!(ending.body["detail"], "not ready: accepting");
}

#[tokio::test]
async fn version_and_error_catalogue_are_public() {
    let client = TestApi::new().client();
    let version = anonymous(&client, "/v1/version").await;
    assert_eq!(version.body["api_versions"], json!(["v1"]));
    let errors = anonymous(&client, "/v1/errors").await;
    let listed = errors.body["data"].as_array().expect("a list");
    assert_eq!(listed.len(), ErrorCode::ALL.len());
    let taken = listed
        .iter()
        .find(|entry| entry["code"] == "environment-name-taken");
    assert_eq!(taken.expect("it is listed")["status"], 409);
}

#[tokio::test]
async fn the_documentation_loads_nothing_from_elsewhere() {
    let client = TestApi::new().client();
    let document = anonymous(&client, "/openapi.json").await;
    assert_eq!(document.text, api::documents::openapi_json());
    assert_eq!(document.header("content-type"), "application/json");
    let redirect = anonymous(&client, "/docs").await;
    assert_eq!(redirect.header("location"), "/docs/");
    let page = anonymous(&client, "/docs/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(
        page.header("content-security-policy")
            .contains("default-src 'self'")
    );
    assert!(!page.text.contains("https://"), "{}", page.text);
    let start = anonymous(&client, "/docs/swagger-initializer.js").await;
    assert!(start.text.contains("/openapi.json"), "{}", start.text);
    assert!(!start.text.contains("https://"), "{}", start.text);
}

#[tokio::test]
async fn programs_that_read_are_told_where_things_are() {
    let client = TestApi::new().client();
    let answer = anonymous(&client, "/llms.txt").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.header("content-type").starts_with("text/markdown"));
    let links = answer.text.split("](").skip(1);
    let links: Vec<_> = links.filter_map(|rest| rest.split(')').next()).collect();
    assert!(links.contains(&"/openapi.json"), "{links:?}");
    for link in links {
        let answer = anonymous(&client, link).await;
        let is_there = answer.status != StatusCode::NOT_FOUND;
        assert!(is_there, "{link}: {}", answer.status);
    }
}
