//! The feed of a team: what happens, in order, as pages and as a stream that resumes.

use crate::on_both_backends;
use crate::support::{App, Backend, Caller, EventStream, PATIENCE};
use http::StatusCode;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

on_both_backends!(
    what_a_job_does_is_told_in_order,
    a_stream_that_is_cut_resumes_without_loss_or_double,
);

async fn events(caller: &Caller, query: &str) -> Vec<Value> {
    let answer = caller.get(&caller.path(&format!("/events{query}"))).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.body["data"].as_array().expect("a list").clone()
}

fn types(events: &[Value]) -> Vec<&str> {
    let types = events.iter().map(|event| event["type"].as_str());
    types.map(|it| it.expect("a type")).collect()
}

async fn what_a_job_does_is_told_in_order(backend: Backend) {
    let app = App::start(backend).await;
    let job = app.owner.provision("shop", "empty", &[]).await;
    let job = app
        .owner
        .job_at_rest(job["id"].as_str().expect("an id"))
        .await;
    assert_eq!(job["state"], "succeeded", "{job}");
    let all = events(&app.owner, "").await;
    let about_job: Vec<_> = all
        .iter()
        .filter(|event| event["data"]["job_id"] == job["id"])
        .cloned()
        .collect();
    assert_eq!(
        types(&about_job),
        ["job.queued", "job.started", "job.succeeded"]
    );
    for event in &about_job {
        assert_eq!(event["data"]["kind"], "environment.provision", "{event}");
        assert_eq!(event["data"]["environment_id"], job["environment_id"]);
    }
    let told = types(&all);
    assert_eq!(told[0], "platform_account.connected");
    assert!(told.contains(&"environment.created"), "{told:?}");
    assert!(told.contains(&"environment.changed"), "{told:?}");
    let numbers = all.iter().map(|event| event["sequence"].as_u64());
    assert!(
        numbers
            .map(|it| it.expect("a number"))
            .eq(1..=all.len() as u64)
    );
    let ended = events(&app.owner, "?type=job.succeeded").await;
    assert_eq!(types(&ended), ["job.succeeded"]);
    let after = format!("?after={}", ended[0]["sequence"]);
    let later = events(&app.owner, &after).await;
    assert!(
        later
            .iter()
            .all(|event| event["sequence"].as_u64() > ended[0]["sequence"].as_u64())
    );
}

/// How often the stream is cut, each time after some events.
const CUTS: usize = 40;

async fn a_stream_that_is_cut_resumes_without_loss_or_double(backend: Backend) {
    let app = App::start(backend).await;
    let path = app.owner.path("/events");
    let mut seen: Vec<u64> = Vec::new();
    let writing = async {
        for number in 0..CUTS / 2 {
            let key = format!("key-{number}");
            let sync = app.owner.path("/actions/sync");
            let job = app.owner.post(&sync, &key, &json!({})).await.body;
            app.owner
                .job_at_rest(job["id"].as_str().expect("an id"))
                .await;
        }
    };
    let reading = async {
        for cut in 0..CUTS {
            let mut stream = EventStream::open(&app.owner, &path, seen.last().copied()).await;
            // Some are cut before anything came, some after a few.
            for _ in 0..cut % 4 {
                let next = stream.next(Duration::from_millis(300)).await;
                seen.extend(next.and_then(|event| event.id));
            }
        }
    };
    tokio::time::timeout(PATIENCE * 4, futures::future::join(writing, reading))
        .await
        .expect("both come to their end");
    let all = events(&app.owner, "?limit=200").await;
    let after = format!("?limit=200&after={}", seen.last().copied().unwrap_or(0));
    let rest = events(&app.owner, &after).await;
    seen.extend(rest.iter().filter_map(|event| event["sequence"].as_u64()));
    let expected: Vec<_> = (1..=all.len() as u64).collect();
    assert_eq!(seen, expected);
    let different: BTreeSet<_> = all.iter().map(|event| event["id"].to_string()).collect();
    assert_eq!(different.len(), all.len());
}
