//! Webhooks: what happens in a team arrives at the addresses it names, signed, once under each id, and again when it
//! was not taken.

use crate::on_both_backends;
use crate::support::{App, Backend, PATIENCE, Received, WebhookReceiver};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeMap;

on_both_backends!(
    what_happens_arrives_signed_as_the_feed_tells_it,
    a_message_that_was_not_taken_is_sent_again_and_one_who_is_gone_is_left_alone,
    no_event_is_lost_or_gets_two_ids_when_the_server_is_killed,
);

async fn create(app: &App, receiver: &WebhookReceiver, event_types: &[&str]) -> Value {
    let body = json!({"url": receiver.url, "event_types": event_types});
    let made = app.owner.ask(&app.owner.path("/webhooks"), &body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    made.body
}

async fn act(app: &App, webhook: &Value, action: &str) -> Value {
    let id = webhook["id"].as_str().expect("an id");
    let path = app.owner.path(&format!("/webhooks/{id}/{action}"));
    let answer = app
        .owner
        .send(Method::POST, &path, &[], String::new())
        .await;
    assert!(answer.status.is_success(), "{}", answer.body);
    answer.body
}

async fn shown(app: &App, webhook: &Value, rest: &str) -> Value {
    let id = webhook["id"].as_str().expect("an id");
    let path = app.owner.path(&format!("/webhooks/{id}{rest}"));
    let answer = app.owner.get(&path).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.body
}

async fn until_received(receiver: &WebhookReceiver, count: usize) -> Vec<Received> {
    testkit::wait::until("the messages arrive", PATIENCE, async || {
        Some(receiver.received()).filter(|received| received.len() >= count)
    })
    .await
}

async fn what_happens_arrives_signed_as_the_feed_tells_it(backend: Backend) {
    let app = App::start(backend).await;
    let receiver = WebhookReceiver::start().await;
    let webhook = create(&app, &receiver, &["job.queued", "job.succeeded"]).await;
    let secret = webhook["secret"].as_str().expect("shown once").to_owned();
    assert!(shown(&app, &webhook, "").await.get("secret").is_none());
    let job = app.owner.provision("shop", "empty", &[]).await;
    app.owner
        .job_at_rest(job["id"].as_str().expect("an id"))
        .await;
    let mut received = until_received(&receiver, 2).await;
    received.sort_by_key(|it| it.body["timestamp"].to_string());
    let feed = app.owner.get(&app.owner.path("/events?limit=200")).await;
    for (message, event_type) in received.iter().zip(["job.queued", "job.succeeded"]) {
        let events = feed.body["data"].as_array().expect("a list");
        let told = events.iter().find(|event| event["type"] == event_type);
        let told = told.expect("the feed has it");
        assert_eq!(message.header("webhook-id"), told["id"]);
        assert!(message.is_signed_with(&secret), "{message:?}");
        assert!(!message.is_signed_with("whsec_c29tZXRoaW5nIGVsc2U="));
        assert_eq!(message.body["type"], told["type"]);
        assert_eq!(message.body["timestamp"], told["timestamp"]);
        let mut data = message.body["data"].clone();
        let team = data.as_object_mut().expect("an object").remove("team_id");
        assert_eq!(team.expect("the team"), app.owner.team);
        assert_eq!(data, told["data"]);
    }
    let replaced = act(&app, &webhook, "actions/replace-secret").await;
    let newer = replaced["secret"].as_str().expect("shown once");
    act(&app, &webhook, "actions/ping").await;
    let received = until_received(&receiver, 3).await;
    let ping = &received[2];
    assert_eq!(ping.body["type"], "ping");
    assert!(ping.is_signed_with(&secret) && ping.is_signed_with(newer));
    let listed = testkit::wait::until("all are taken", PATIENCE, async || {
        let listed = shown(&app, &webhook, "/deliveries?state=delivered").await;
        let listed = listed["data"].as_array().expect("a list").clone();
        (listed.len() == 3).then_some(listed)
    })
    .await;
    assert_eq!(listed[0]["type"], "ping");
    assert_eq!(listed[0]["last_status"], 204);
    assert_eq!(listed[0]["attempts"], 1);
    let first = listed[2]["id"].as_str().expect("an id");
    let again = act(
        &app,
        &webhook,
        &format!("deliveries/{first}/actions/resend"),
    )
    .await;
    assert_eq!(again["message_id"], listed[2]["message_id"]);
    assert_ne!(again["id"], listed[2]["id"]);
    let received = until_received(&receiver, 4).await;
    assert_eq!(received[3].header("webhook-id"), listed[2]["message_id"]);
}

async fn a_message_that_was_not_taken_is_sent_again_and_one_who_is_gone_is_left_alone(
    backend: Backend,
) {
    let app = App::start(backend).await;
    let receiver = WebhookReceiver::start().await;
    let webhook = create(&app, &receiver, &[]).await;
    receiver.answer(StatusCode::SERVICE_UNAVAILABLE);
    let ping = act(&app, &webhook, "actions/ping").await;
    until_received(&receiver, 1).await;
    let rest = format!("/deliveries/{}", ping["id"].as_str().expect("an id"));
    let waiting = testkit::wait::until("the attempt is stored", PATIENCE, async || {
        let delivery = shown(&app, &webhook, &rest).await;
        (delivery["last_status"] == 503).then_some(delivery)
    })
    .await;
    assert_eq!(waiting["state"], "waiting");
    assert_eq!(waiting["last_error"], "the answer was 503");
    assert!(waiting["next_attempt_at"].is_string(), "{waiting}");
    receiver.answer(StatusCode::OK);
    let received = until_received(&receiver, 2).await;
    assert_eq!(
        received[0].header("webhook-id"),
        received[1].header("webhook-id")
    );
    testkit::wait::until("it is taken", PATIENCE, async || {
        let delivery = shown(&app, &webhook, &rest).await;
        (delivery["state"] == "delivered" && delivery["attempts"] == 2).then_some(())
    })
    .await;
    receiver.answer(StatusCode::GONE);
    act(&app, &webhook, "actions/ping").await;
    testkit::wait::until("it is turned off", PATIENCE, async || {
        let state = shown(&app, &webhook, "").await["state"].clone();
        (state == "gone").then_some(())
    })
    .await;
    let id = webhook["id"].as_str().expect("an id");
    let path = app.owner.path(&format!("/webhooks/{id}/actions/ping"));
    let refused = app
        .owner
        .send(Method::POST, &path, &[], String::new())
        .await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
    assert_eq!(refused.body["code"], "webhook-inactive");
    let told = app.owner.path("/events?type=webhook.disabled");
    let told = app.owner.get(&told).await.body;
    assert_eq!(told["data"][0]["data"]["webhook_id"], webhook["id"]);
}

const JOBS: usize = 12;

async fn no_event_is_lost_or_gets_two_ids_when_the_server_is_killed(backend: Backend) {
    let mut app = App::start(backend).await;
    let receiver = WebhookReceiver::start().await;
    create(&app, &receiver, &["job.queued"]).await;
    for number in 0..JOBS {
        let path = app.owner.path("/actions/sync");
        let key = format!("key-{number}");
        let accepted = app.owner.post(&path, &key, &json!({})).await;
        assert_eq!(accepted.status, StatusCode::ACCEPTED, "{}", accepted.body);
        let job = accepted.body["id"].as_str().expect("an id");
        app.owner.job_at_rest(job).await;
        if number % 4 == 1 {
            app.kill();
            app.serve().await;
        }
    }
    let told = app.owner.path("/events?type=job.queued&limit=200");
    let told = app.owner.get(&told).await.body;
    let told: Vec<_> = told["data"].as_array().expect("a list").clone();
    assert!(told.len() >= JOBS, "{}", told.len());
    let by_id = testkit::wait::until("all arrive", PATIENCE * 2, async || {
        let mut by_id: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for message in receiver.received() {
            let id = message.header("webhook-id").to_owned();
            by_id.entry(id).or_default().push(message.text);
        }
        (by_id.len() >= told.len()).then_some(by_id)
    })
    .await;
    assert_eq!(by_id.len(), told.len());
    for event in told {
        let id = event["id"].as_str().expect("an id");
        let bodies = &by_id[id];
        assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
        let sent: Value = serde_json::from_str(&bodies[0]).expect("JSON");
        assert_eq!(sent["data"]["job_id"], event["data"]["job_id"]);
    }
}
