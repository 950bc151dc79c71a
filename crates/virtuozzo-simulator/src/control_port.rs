//! The control port: books to read, faults to script, holds to release, a clock to move.
//!
//! It must not look like the platform: plain JSON, its own listener.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::answer::Body;
use crate::faults::FaultRule;
use crate::invented_behaviours::INVENTED_BEHAVIOURS;
use crate::listener::Ending;
use crate::platform::Platform;

type Answered = Result<Response<Body>, Ending>;

const MAX_BODY_BYTES: usize = 64 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    ms: u64,
}

pub(crate) async fn answer(platform: Arc<Platform>, request: Request<Incoming>) -> Answered {
    let (head, body) = request.into_parts();
    let answered = match Limited::new(body, MAX_BODY_BYTES).collect().await {
        Ok(body) => route(&platform, &head.method, head.uri.path(), &body.to_bytes()),
        Err(_) => problem(StatusCode::PAYLOAD_TOO_LARGE, "body is longer than 64 KiB"),
    };
    let (status, json) = answered;
    let mut response = Response::new(Full::new(Bytes::from(json.to_string())).boxed_unsync());
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

fn route(platform: &Platform, method: &Method, path: &str, body: &[u8]) -> (StatusCode, Value) {
    let is_get = method == Method::GET;
    let is_post = method == Method::POST;
    match path {
        "/healthz" if is_get => (StatusCode::OK, json!({"status": "ok"})),
        "/ledger" if is_get => book(&platform.ledger.effects()),
        "/mutations" if is_get => book(&platform.ledger.mutations()),
        "/journal" if is_get => book(&platform.journal.entries_so_far()),
        "/holds" if is_get => book(&platform.holds.names()),
        "/invented" if is_get => (StatusCode::OK, invented(platform)),
        "/faults" if is_post => with_body(
            body,
            |rule: FaultRule| json!({"rules": platform.faults.add(rule)}),
        ),
        "/faults" if method == Method::DELETE => {
            platform.faults.clear();
            (StatusCode::OK, json!({"rules": 0}))
        }
        "/sessions/expire" if is_post => (
            StatusCode::OK,
            json!({"expired": platform.expire_sessions()}),
        ),
        "/clock" if is_get => clock(platform),
        "/clock/freeze" if is_post => {
            platform.clock.freeze();
            clock(platform)
        }
        "/clock/resume" if is_post => {
            platform.clock.resume();
            clock(platform)
        }
        "/clock/advance" if is_post => with_body(body, |step: Advance| {
            platform.clock.advance(Duration::from_millis(step.ms));
            json!({"now_ms": platform.clock.now_ms()})
        }),
        _ => match path.strip_prefix("/release/") {
            Some(name) if is_post => (
                StatusCode::OK,
                json!({"released": platform.holds.release(name)}),
            ),
            _ => problem(StatusCode::NOT_FOUND, "no such control"),
        },
    }
}

fn invented(platform: &Platform) -> Value {
    json!({
        "profile": platform.profile,
        "values": platform.world.invented,
        "behaviours": INVENTED_BEHAVIOURS,
    })
}

fn clock(platform: &Platform) -> (StatusCode, Value) {
    (StatusCode::OK, json!({"now_ms": platform.clock.now_ms()}))
}

fn book<T: Serialize>(entries: &[T]) -> (StatusCode, Value) {
    match serde_json::to_value(entries) {
        Ok(json) => (StatusCode::OK, json),
        Err(error) => problem(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

fn with_body<T: for<'a> Deserialize<'a>>(
    body: &[u8],
    apply: impl FnOnce(T) -> Value,
) -> (StatusCode, Value) {
    match serde_json::from_slice(body) {
        Ok(parsed) => (StatusCode::OK, apply(parsed)),
        Err(error) => problem(StatusCode::BAD_REQUEST, &error.to_string()),
    }
}

fn problem(status: StatusCode, text: &str) -> (StatusCode, Value) {
    (status, json!({"error": text}))
}
