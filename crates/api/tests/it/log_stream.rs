//! Following a job's log.

use crate::support::{JobStory, PATIENCE, POOR_TOKEN, TestApi, request};
use axum::Router;
use axum::body::{Body, BodyDataStream};
use domain::access::Permission;
use domain::job::JobState;
use futures::{FutureExt as _, StreamExt as _};
use http::{Method, Response, StatusCode};
use std::sync::Arc;
use std::time::Duration;
use testkit::clocks::ManualClock;
use tower::ServiceExt as _;

/// A stream that is being read.
struct Following {
    stream: BodyDataStream,
    text: String,
}

impl Following {
    async fn begin(router: &Router, path: &str, last_event_id: &str) -> Self {
        let response = answer(router, path, last_event_id).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-cache");
        Self {
            stream: response.into_body().into_data_stream(),
            text: String::new(),
        }
    }

    /// Reads until the text is there.
    async fn read_until(&mut self, text: &str) {
        while !self.text.contains(text) {
            let next = tokio::time::timeout(PATIENCE, self.stream.next()).await;
            let next = next.unwrap_or_else(|_| panic!("waited in vain for {text}: {}", self.text));
            let Some(bytes) = next else {
                panic!("ended before {text}: {}", self.text);
            };
            let bytes = bytes.expect("a whole stream");
            self.text
                .push_str(std::str::from_utf8(&bytes).expect("events are text"));
        }
    }

    /// Reads to the end.
    async fn rest(mut self) -> String {
        while let Some(bytes) = tokio::time::timeout(PATIENCE, self.stream.next())
            .await
            .expect("the stream ends")
        {
            let bytes = bytes.expect("a whole stream");
            self.text
                .push_str(std::str::from_utf8(&bytes).expect("events are text"));
        }
        self.text
    }
}

async fn answer(router: &Router, path: &str, last_event_id: &str) -> Response<Body> {
    let headers = [
        ("accept", "text/event-stream"),
        ("last-event-id", last_event_id),
    ];
    let request = request(Method::GET, path, &headers, "");
    let response = router.clone().oneshot(request).await;
    response.expect("routers do not fail")
}

/// The ids of the events, in order.
fn ids(text: &str) -> Vec<u64> {
    text.lines()
        .filter_map(|line| line.strip_prefix("id: "))
        .map(|id| id.parse().expect("a sequence"))
        .collect()
}

#[tokio::test]
async fn a_stream_gives_each_line_once_and_ends_with_the_job() {
    let mut api = TestApi::new();
    let story = JobStory::begin(&mut api);
    story.write(&["one", "two"]);
    let path = api.path(&format!("/jobs/{}/log", story.id));
    let router = api.router();
    let mut following = Following::begin(&router, &path, "").await;
    following.read_until("\"two\"").await;
    assert!(
        following.text.starts_with("retry: 2000\n"),
        "{}",
        following.text
    );
    story.write(&["three"]);
    story.tell().await;
    following.read_until("\"three\"").await;
    story.write(&["four"]);
    story.change(|job| job.state = JobState::Succeeded);
    story.tell().await;
    let text = following.rest().await;
    assert_eq!(ids(&text), [1, 2, 3, 4], "{text}");
    let end = "event: end\ndata: {\"state\":\"succeeded\"}\n\n";
    assert!(text.ends_with(end), "{text}");
}

#[tokio::test]
async fn a_notice_that_is_lost_delays_a_line_and_loses_none() {
    let mut api = TestApi::new();
    let story = JobStory::begin(&mut api);
    let path = api.path(&format!("/jobs/{}/log", story.id));
    let router = api.router();
    let mut following = Following::begin(&router, &path, "").await;
    story.write(&["one"]);
    following.read_until("\"one\"").await;
    assert_eq!(ids(&following.text), [1]);
}

#[tokio::test]
async fn a_client_that_comes_back_goes_on_where_it_was() {
    let mut api = TestApi::new();
    let story = JobStory::begin(&mut api);
    let lines: Vec<String> = (1..=450).map(|number| format!("line {number}")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    story.write(&lines);
    story.change(|job| job.state = JobState::Failed);
    let path = api.path(&format!("/jobs/{}/log", story.id));
    let router = api.router();
    let all = Following::begin(&router, &path, "").await.rest().await;
    assert_eq!(
        ids(&all),
        (1..=450).collect::<Vec<u64>>(),
        "more than two pages"
    );
    let text = Following::begin(&router, &path, "447").await.rest().await;
    assert_eq!(ids(&text), [448, 449, 450], "{text}");
    assert!(text.contains("{\"state\":\"failed\"}"), "{text}");
    let text = Following::begin(&router, &path, "450").await.rest().await;
    assert_eq!(ids(&text), [0_u64; 0], "{text}");
    assert!(text.contains("event: end"), "{text}");
}

#[tokio::test]
async fn a_refusal_is_a_problem_and_no_stream() {
    let mut api = TestApi::new();
    let story = JobStory::begin(&mut api);
    let path = api.path(&format!("/jobs/{}/log", story.id));
    let absent = api.path("/jobs/job_0000000000000000000000000z/log");
    let client = api.client();
    for id in ["-1", "abc", "1.5", "99999999999999999999"] {
        let headers = [("accept", "text/event-stream"), ("last-event-id", id)];
        let answer = client.send(request(Method::GET, &path, &headers, "")).await;
        answer.assert_problem(422, "validation-failed");
        answer.assert_fault("header", "Last-Event-ID");
    }
    let headers = [("accept", "text/html, text/event-stream;q=0.9")];
    let answer = client
        .send(request(Method::GET, &absent, &headers, ""))
        .await;
    answer.assert_problem(404, "not-found");
}

#[tokio::test]
async fn a_silent_stream_says_that_it_is_alive() {
    let mut api = TestApi::new();
    api.heartbeat = Duration::from_millis(20);
    let story = JobStory::begin(&mut api);
    let path = api.path(&format!("/jobs/{}/log", story.id));
    let router = api.router();
    let mut following = Following::begin(&router, &path, "").await;
    following.read_until("\n:\n\n").await;
}

#[tokio::test]
async fn a_stream_gives_no_line_that_came_after_its_token_was_revoked() {
    let mut api = TestApi::new();
    let story = JobStory::begin(&mut api);
    let live = api.live_tokens.clone();
    let path = api.path(&format!("/jobs/{}/log", story.id));
    let router = api.router();
    let mut following = Following::begin(&router, &path, "").await;
    story.write(&["one"]);
    story.tell().await;
    following.read_until("\"one\"").await;
    *live.lock().expect("no panic while held") = false;
    story.write(&["two"]);
    story.tell().await;
    let text = following.rest().await;
    assert!(!text.contains("\"two\""), "{text}");
}

#[tokio::test]
async fn a_silent_stream_is_cut_within_a_second_of_the_revocation() {
    let mut api = TestApi::new();
    let story = JobStory::begin(&mut api);
    let live = api.live_tokens.clone();
    let path = api.path(&format!("/jobs/{}/log", story.id));
    let router = api.router();
    let mut following = Following::begin(&router, &path, "").await;
    story.write(&["one"]);
    following.read_until("\"one\"").await;
    *live.lock().expect("no panic while held") = false;
    let cut = tokio::time::timeout(Duration::from_secs(1), following.rest()).await;
    let text = cut.expect("nothing happened in the job, and the stream is over all the same");
    assert!(!text.contains("event: end"), "{text}");
}

#[tokio::test]
async fn lines_that_wait_for_a_slow_client_are_kept_back_after_the_revocation() {
    let mut api = TestApi::new();
    let story = JobStory::begin(&mut api);
    story.write(&["one", "two", "three"]);
    let clock = Arc::new(ManualClock::new());
    api.clock = clock.clone();
    let live = api.live_tokens.clone();
    let path = api.path(&format!("/jobs/{}/log", story.id));
    let router = api.router();
    let mut following = Following::begin(&router, &path, "").await;
    following.read_until("\"one\"").await;
    *live.lock().expect("no panic while held") = false;
    clock.advance(Duration::from_millis(500));
    let text = following.rest().await;
    assert!(!text.contains("\"three\""), "{text}");
}

#[tokio::test]
async fn a_stream_is_cut_when_the_permission_is_gone_although_the_token_is_good() {
    let mut api = TestApi::new();
    let story = JobStory::begin(&mut api);
    let scopes = api.poor_scopes.clone();
    let view = |permissions: &[Permission]| permissions.iter().copied().collect();
    *scopes.lock().expect("no panic while held") = view(&[Permission::JobView]);
    let path = api.path(&format!("/jobs/{}/log", story.id));
    let token = format!("Bearer {POOR_TOKEN}");
    let headers = [
        ("accept", "text/event-stream"),
        ("authorization", token.as_str()),
    ];
    let router = api.router();
    let request = request(Method::GET, &path, &headers, "");
    let response = router.clone().oneshot(request).await;
    let following = Following {
        stream: response
            .expect("routers do not fail")
            .into_body()
            .into_data_stream(),
        text: String::new(),
    };
    *scopes.lock().expect("no panic while held") = view(&[Permission::EnvironmentView]);
    let text = following.rest().await;
    assert!(!text.contains("event: end"), "{text}");
}

#[tokio::test]
async fn shutdown_ends_a_stream_without_pretending_that_the_job_ended() {
    let mut api = TestApi::new();
    let story = JobStory::begin(&mut api);
    story.write(&["one"]);
    *api.bus.is_stuck.lock().expect("no panic while held") = true;
    let shutdown = api.shutdown.clone();
    let path = api.path(&format!("/jobs/{}/log", story.id));
    let router = api.router();
    let mut following = Following::begin(&router, &path, "").await;
    following.read_until("\"one\"").await;
    let next = following.stream.next().now_or_never();
    assert!(next.is_none(), "the stream waits for a change");
    shutdown.cancel();
    let text = following.rest().await;
    assert!(!text.contains("event: end"), "{text}");
}
