//! Log files of nodes: listed, read from a place on or at their end, and followed.

use crate::on_both_backends;
use crate::support::{App, Backend, EventStream, PATIENCE};
use http::StatusCode;
use serde_json::{Value, json};
use virtuozzo_simulator::{FaultKind, FaultRule};

on_both_backends!(
    a_log_is_listed_read_and_followed,
    a_silent_platform_is_told_and_nobody_else_notices,
);

const RUN_LOG: &str = "path=/var/log/run.log";

/// An environment with its node, as a path.
async fn node(app: &App) -> (String, String) {
    let job = app.owner.provision("shop", "empty", &[]).await;
    let job = app
        .owner
        .job_at_rest(job["id"].as_str().expect("an id"))
        .await;
    let environment = job["environment_id"].as_str().expect("an id").to_owned();
    let path = app.owner.path(&format!("/environments/{environment}"));
    let shown = app.owner.get(&path).await.body;
    let node = shown["nodes"][0]["id"].as_str().expect("a node").to_owned();
    let node = format!("{path}/nodes/{node}");
    (path, node)
}

async fn read(app: &App, path: &str) -> Value {
    let answer = app.owner.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.body
}

async fn a_log_is_listed_read_and_followed(backend: Backend) {
    let app = App::start(backend).await;
    let (environment, node) = node(&app).await;
    let files = read(&app, &format!("{node}/log-files")).await;
    let files = files["data"].as_array().expect("a list").clone();
    let run_log = files.iter().find(|file| file["path"] == "/var/log/run.log");
    let size = run_log.expect("it is listed")["size"]
        .as_u64()
        .expect("a size");
    let whole = read(&app, &format!("{node}/log-file?{RUN_LOG}")).await;
    let text = whole["text"].as_str().expect("a text").to_owned();
    assert_eq!(text.len() as u64, size);
    assert_eq!(
        (&whole["from"], &whole["next_from"]),
        (&json!(0), &json!(size))
    );
    let end = read(&app, &format!("{node}/log-file?{RUN_LOG}&tail=4")).await;
    assert_eq!(end["text"], text[text.len() - 4..]);
    let piece = read(&app, &format!("{node}/log-file?{RUN_LOG}&from=1&count=3")).await;
    assert_eq!(
        (&piece["text"], &piece["next_from"]),
        (&json!(text[1..4]), &json!(4))
    );
    let other = format!("{node}/log-file?path=/etc/passwd");
    assert_eq!(app.owner.get(&other).await.status, StatusCode::NOT_FOUND);

    let follow = format!("{node}/log-file?{RUN_LOG}");
    let mut stream = EventStream::open(&app.owner, &follow, Some(size)).await;
    let restart = json!({"what": "nodes", "target": "all"});
    let path = format!("{environment}/actions/restart");
    let accepted = app.owner.post(&path, "restart", &restart).await;
    assert_eq!(accepted.status, StatusCode::ACCEPTED, "{}", accepted.body);
    let event = stream.next(PATIENCE).await.expect("what was written comes");
    assert_eq!(event.name, "text");
    let written: Value = serde_json::from_str(&event.data).expect("JSON");
    assert_eq!(written["from"], size);
    assert_eq!(event.id, written["next_from"].as_u64());
    assert!(!written["text"].as_str().expect("a text").is_empty());
}

async fn a_silent_platform_is_told_and_nobody_else_notices(backend: Backend) {
    let app = App::start(backend).await;
    let (environment, node) = node(&app).await;
    let hold = FaultKind::HoldUntilReleased {
        name: "here".to_owned(),
        after_effect: false,
    };
    app.simulator.add_fault(FaultRule::once("getlogs", hold));
    let files = format!("{node}/log-files");
    let (silent, beside) = futures::future::join(app.owner.get(&files), async {
        tokio::time::timeout(PATIENCE, app.simulator.until_held("here"))
            .await
            .expect("the platform is asked");
        let began = std::time::Instant::now();
        let shown = app.owner.get(&environment).await;
        (shown.status, began.elapsed())
    })
    .await;
    assert_eq!(
        silent.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "{}",
        silent.body
    );
    assert_eq!(silent.body["code"], "platform-unavailable");
    assert!(!silent.header("retry-after").is_empty());
    assert_eq!(beside.0, StatusCode::OK, "after {:?}", beside.1);
    app.simulator.release("here");
}
