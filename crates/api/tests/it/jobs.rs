//! Jobs: seeing one, waiting for one, cancelling one, reading its log in pages.

use crate::support::{JobStory, PATIENCE, TestApi, request};
use domain::error_code::ErrorCode;
use domain::ids::JobId;
use domain::job::{JobFailure, JobKind, JobState, WaitReason};
use domain::ports::{CancelAnswer, JobDetails, MockTransaction, TurnHolder, new_id};
use http::{Method, StatusCode};
use serde_json::json;
use std::sync::atomic::Ordering;
use std::time::Duration;
use testkit::builders;
use testkit::wait::until;

#[tokio::test]
async fn a_running_job_says_how_far_it_is_and_when_to_look_again() {
    let mut api = TestApi::new();
    let story = JobStory::begin(&mut api);
    story.change(|job| {
        job.progress.percent = 40;
        job.progress.step = Some("install".to_owned());
        job.progress.steps_done = 2;
        job.progress.steps_total = 5;
        job.started_at = Some(builders::moment());
    });
    let path = api.path(&format!("/jobs/{}", story.id));
    let answer = api.client().get(&path).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.header("retry-after"), "2");
    assert_eq!(
        answer.body["progress"],
        json!({"percent": 40, "step": "install", "steps_done": 2, "steps_total": 5})
    );
    assert_eq!(answer.body["waiting_for"], json!(null));
    assert_eq!(answer.body["started_at"], "2026-01-02T03:04:05.678901Z");
    assert_eq!(answer.body["finished_at"], json!(null));
}

#[tokio::test]
async fn a_failed_job_answers_200_with_the_problem_inside() {
    let mut api = TestApi::new();
    let story = JobStory::begin(&mut api);
    story.change(|job| {
        job.state = JobState::Failed;
        job.failure = Some(JobFailure {
            remaining: vec!["restart_cp".to_owned()],
            code: ErrorCode::PlatformQuotaExceeded,
            step: Some("create".to_owned()),
            platform_code: Some(2338),
            is_retryable: false,
            detail: "the account may have 3 environments".to_owned(),
        });
    });
    let path = api.path(&format!("/jobs/{}", story.id));
    let answer = api.client().get(&path).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.header("retry-after"), "");
    let problem = &answer.body["problem"];
    assert_eq!(problem["code"], "platform-quota-exceeded");
    assert_eq!(problem["type"], "/v1/errors#platform-quota-exceeded");
    assert_eq!(problem["status"], 409);
    assert_eq!(problem["step"], "create");
    assert_eq!(problem["retryable"], false);
    assert_eq!(problem["job_id"], story.id.to_string());
    assert_eq!(answer.body["links"]["cancel"], json!(null));
    assert_eq!(problem["platform_code"], 2338);
    assert_eq!(problem["who_acts"], "owner");
    assert_eq!(problem["remaining_steps"], json!(["restart_cp"]));
}

#[tokio::test]
async fn a_queued_job_says_which_job_goes_first_or_that_nobody_has_room_for_it() {
    let mut api = TestApi::new();
    let job = builders::job(&*api.ids, api.team, JobKind::AddonInstall, None);
    let holder: JobId = new_id(&*api.ids);
    let id = job.id;
    let mut waiting = job.clone();
    waiting.state = JobState::Waiting;
    waiting.waiting_for = Some(WaitReason::PlatformUnavailable);
    let mut answers = vec![
        JobDetails {
            job: job.clone(),
            turn_holder: None,
            jobs_ahead: 0,
        },
        JobDetails {
            job: waiting,
            turn_holder: None,
            jobs_ahead: 0,
        },
        JobDetails {
            job,
            turn_holder: Some(TurnHolder {
                job_id: holder,
                since: builders::moment(),
            }),
            jobs_ahead: 3,
        },
    ];
    api.read_model
        .expect_find_job()
        .returning(move |_, _| Ok(answers.pop()));
    let path = api.path(&format!("/jobs/{id}"));
    let client = api.client();
    let queued = client.get(&path).await;
    assert_eq!(
        queued.body["waiting_for"],
        json!({"reason": "turn", "job_id": holder.to_string(),
            "since": "2026-01-02T03:04:05.678901Z", "jobs_ahead": 3})
    );
    let waiting = client.get(&path).await;
    assert_eq!(
        waiting.body["waiting_for"],
        json!({"reason": "platform_unavailable", "job_id": null, "since": null, "jobs_ahead": 0})
    );
    let first = client.get(&path).await;
    assert_eq!(
        first.body["waiting_for"],
        json!({"reason": "capacity", "job_id": null, "since": null, "jobs_ahead": 0})
    );
    client.get(&path).await.assert_problem(404, "not-found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_ends_when_the_job_does() {
    let mut api = TestApi::new();
    let story = JobStory::begin(&mut api);
    // What the client asked to wait comes on top of this.
    api.request_timeout = Duration::ZERO;
    let bus = api.bus.clone();
    let path = api.path(&format!("/jobs/{}", story.id));
    let client = api.client();
    let headers = [("prefer", "respond-async, wait=600")];
    let mut waiting = Box::pin(client.send(request(Method::GET, &path, &headers, "")));
    let listening = until("the wait has begun", PATIENCE, async || {
        (bus.subscriptions.load(Ordering::SeqCst) == 1).then_some(())
    });
    tokio::select! {
        answer = &mut waiting => panic!("answered too early: {}", answer.text),
        () = listening => {}
    }
    story.change(|job| job.state = JobState::Succeeded);
    story.tell().await;
    let answer = tokio::time::timeout(PATIENCE, waiting)
        .await
        .expect("woken");
    assert_eq!(answer.body["state"], "succeeded", "{}", answer.text);
    assert_eq!(answer.header("preference-applied"), "wait=60");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_revoked_during_the_wait_gets_no_answer() {
    let mut api = TestApi::new();
    let story = JobStory::begin(&mut api);
    let (bus, live) = (api.bus.clone(), api.live_tokens.clone());
    let path = api.path(&format!("/jobs/{}", story.id));
    let client = api.client();
    let headers = [("prefer", "wait=60")];
    let mut waiting = Box::pin(client.send(request(Method::GET, &path, &headers, "")));
    let listening = until("the wait has begun", PATIENCE, async || {
        (bus.subscriptions.load(Ordering::SeqCst) == 1).then_some(())
    });
    tokio::select! {
        answer = &mut waiting => panic!("answered too early: {}", answer.text),
        () = listening => {}
    }
    *live.lock().expect("no panic while held") = false;
    story.change(|job| job.state = JobState::Succeeded);
    story.tell().await;
    waiting.await.assert_problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_preference_that_cannot_be_read_is_ignored() {
    let mut api = TestApi::new();
    let story = JobStory::begin(&mut api);
    let path = api.path(&format!("/jobs/{}", story.id));
    let client = api.client();
    for preference in ["wait=soon", "wait", "wait=-1", "handling=strict"] {
        let headers = [("prefer", preference)];
        let answer = client.send(request(Method::GET, &path, &headers, "")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert_eq!(answer.header("preference-applied"), "");
    }
}

#[tokio::test]
async fn a_read_that_takes_too_long_is_a_problem() {
    let mut api = TestApi::new();
    let story = JobStory::begin(&mut api);
    *api.bus.is_stuck.lock().expect("no panic while held") = true;
    api.request_timeout = Duration::from_millis(50);
    let path = api.path(&format!("/jobs/{}", story.id));
    let headers = [("prefer", "wait=1")];
    let answer = api
        .client()
        .send(request(Method::GET, &path, &headers, ""))
        .await;
    answer.assert_problem(503, "temporarily-unavailable");
}

#[tokio::test]
async fn cancelling_shows_the_job_and_takes_no_body() {
    let mut api = TestApi::new();
    let mut job = builders::job(&*api.ids, api.team, JobKind::AddonInstall, None);
    job.state = JobState::Cancelling;
    let path = api.path(&format!("/jobs/{}/actions/cancel", job.id));
    let mut transaction = MockTransaction::default();
    transaction
        .jobs
        .expect_find_job()
        .returning(move |_, _| Ok(Some(job.clone())));
    transaction
        .jobs
        .expect_cancel_job()
        .returning(|_, _| Ok(CancelAnswer::Requested));
    transaction
        .audit
        .expect_append_audit_event()
        .returning(|_| Ok(()));
    api.storing(transaction);
    let client = api.client();
    let unknown = client.post(&path, r#"{"force":true}"#).await;
    unknown.assert_problem(422, "validation-failed");
    unknown.assert_fault("body", "/force");
    let text = request(
        Method::POST,
        &path,
        &[("content-type", "text/plain")],
        "now",
    );
    client
        .send(text)
        .await
        .assert_problem(415, "unsupported-media-type");
    let answer = client.send(request(Method::POST, &path, &[], "")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.body["state"], "cancelling");
    assert_eq!(answer.header("retry-after"), "2");
}

#[tokio::test]
async fn cancelling_too_late_is_a_conflict_that_names_the_job() {
    let mut api = TestApi::new();
    let mut job = builders::job(&*api.ids, api.team, JobKind::AddonInstall, None);
    job.state = JobState::Succeeded;
    let id = job.id;
    let path = api.path(&format!("/jobs/{id}/actions/cancel"));
    let mut transaction = MockTransaction::default();
    transaction
        .jobs
        .expect_find_job()
        .returning(move |_, _| Ok(Some(job.clone())));
    transaction
        .jobs
        .expect_cancel_job()
        .returning(|_, _| Ok(CancelAnswer::TooLate));
    api.storing(transaction);
    let answer = api.client().post(&path, "{}").await;
    answer.assert_problem(409, "cancel-too-late");
    assert_eq!(answer.body["job_id"], id.to_string());
}

#[tokio::test]
async fn the_log_is_read_in_pages() {
    let mut api = TestApi::new();
    let story = JobStory::begin(&mut api);
    story.write(&["one", "two", "three"]);
    let other = api.path("/environments");
    let path = api.path(&format!("/jobs/{}/log", story.id));
    let client = api.client();
    let page = client.get(&format!("{path}?limit=2")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert_eq!(page.header("content-type"), "application/json");
    assert_eq!(
        page.body["data"][1],
        json!({"sequence": 2, "at": "2026-01-02T03:04:05.678901Z", "level": "info",
            "step": "install", "message": "two"})
    );
    let cursor = page.body["page"]["next_cursor"]
        .as_str()
        .expect("more follows");
    let rest = client.get(&format!("{path}?cursor={cursor}")).await;
    assert_eq!(rest.body["data"][0]["message"], "three", "{}", rest.text);
    assert_eq!(rest.body["page"]["next_cursor"], json!(null));
    let foreign = client.get(&format!("{other}?cursor={cursor}")).await;
    foreign.assert_problem(422, "validation-failed");
    foreign.assert_fault("query", "cursor");
}
