//! Handlers that break, clients that overdo it: one failed request each, and never an answer of
//! another shape.

use crate::support::{JobStory, TestApi, request};
use axum::body::{Body, Bytes};
use domain::ports::{MockUnitOfWork, StoreError};
use futures::StreamExt as _;
use http::{Method, StatusCode};
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use testkit::logs::LogGuard;

#[tokio::test]
async fn a_panic_is_a_problem_and_the_next_request_is_answered() {
    let _guard = LogGuard::install().expect("a handler panicked: the store is on fire");
    let mut api = TestApi::new();
    let story = JobStory::begin(&mut api);
    api.read_model
        .expect_list_environments()
        .returning(|_, _, _| panic!("the store is on fire"));
    let path = api.path("/environments");
    let job = api.path(&format!("/jobs/{}", story.id));
    let client = api.client();
    let answer = client.get(&path).await;
    answer.assert_problem(500, "internal-error");
    assert!(!answer.text.contains("fire"), "{}", answer.text);
    assert_eq!(client.get(&job).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_panic_in_a_mutation_is_a_problem_too() {
    let _guard = LogGuard::install().expect("panicked");
    let api = TestApi::new();
    let path = api.path("/environments");
    let answer = api
        .client()
        .post(&path, r#"{"name":"shop","blueprint":"wordpress"}"#)
        .await;
    answer.assert_problem(500, "internal-error");
}

#[tokio::test]
async fn the_cause_of_a_failure_is_in_the_log_and_not_in_the_answer() {
    let guard = LogGuard::install().expect("the store is overloaded");
    let mut api = TestApi::new();
    let mut unit_of_work = MockUnitOfWork::new();
    unit_of_work
        .expect_begin()
        .returning(|_| Err(StoreError::Busy));
    api.unit_of_work = Arc::new(unit_of_work);
    let path = api.path("/environments");
    let answer = api
        .client()
        .post(&path, r#"{"name":"shop","blueprint":"wordpress"}"#)
        .await;
    answer.assert_problem(503, "temporarily-unavailable");
    assert!(!answer.text.contains("overloaded"), "{}", answer.text);
    assert_eq!(guard.records().len(), 1, "{:?}", guard.records());
}

#[tokio::test]
async fn refusals_of_clients_are_no_warnings() {
    let _guard = LogGuard::install();
    let api = TestApi::new();
    let path = api.path("/environments");
    let client = api.client();
    client
        .get("/nowhere")
        .await
        .assert_problem(404, "not-found");
    let key = [("session", "abc")];
    let answer = client.send(request(Method::GET, &path, &key, "")).await;
    answer.assert_problem(422, "session-key-not-accepted");
}

/// A connection that is closed while the client still sends is reset, and the client never learns
/// why; so what is too large, but not very much so, is read to its end.
#[tokio::test]
async fn a_body_that_is_too_large_is_read_on_so_that_the_refusal_arrives() {
    let api = TestApi::new();
    let path = api.path("/environments");
    let client = api.client();
    for (announced, frames_read) in [("600000", 60), ("", 60), ("2000000", 0)] {
        let read = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&read);
        let frames = futures::stream::iter(0..60).map(move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
            Ok::<_, Infallible>(Bytes::from_static(&[b'x'; 10_000]))
        });
        let headers = [
            ("idempotency-key", "key-1"),
            ("content-type", "application/json"),
            ("content-length", announced),
        ];
        let mut request = request(Method::POST, &path, &headers, "");
        *request.body_mut() = Body::from_stream(frames);
        let answer = client.send(request).await;
        answer.assert_problem(413, "body-too-large");
        assert_eq!(
            read.load(Ordering::SeqCst),
            frames_read,
            "announced: {announced}"
        );
    }
}
