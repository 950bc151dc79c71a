//! Whether this process lives, and whether it may be given requests.

use crate::problem::Problem;
use crate::request::{NoQuery, QueryOf};
use crate::settings::ReadinessCheck;
use crate::state::ApiState;
use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use domain::error_code::ErrorCode;
use futures::future::join_all;
use serde::Serialize;
use std::time::Duration;

/// Longest time for one check; who asks usually gives up after a few seconds.
const CHECK_TIMEOUT: Duration = Duration::from_secs(2);

pub(super) fn routes() -> Router<ApiState> {
    Router::new()
        .route("/healthz", get(is_alive))
        .route("/readyz", get(is_ready))
}

#[derive(Serialize)]
struct AliveView {
    status: &'static str,
}

#[derive(Serialize)]
struct ReadyView {
    status: &'static str,
    checks: Vec<CheckView>,
}

#[derive(Serialize)]
struct CheckView {
    name: &'static str,
    ok: bool,
    #[serde(skip)]
    is_vital: bool,
}

/// Asks nobody: a store that is down is no reason to restart this process.
async fn is_alive(_: QueryOf<NoQuery>) -> Json<AliveView> {
    Json(AliveView { status: "ok" })
}

async fn is_ready(
    State(state): State<ApiState>,
    _: QueryOf<NoQuery>,
) -> Result<Json<ReadyView>, Problem> {
    let mut checks = vec![
        CheckView {
            name: "accepting",
            ok: !state.settings.shutdown.is_cancelled(),
            is_vital: true,
        },
        CheckView {
            name: "store",
            ok: is_store_up(&state).await,
            is_vital: true,
        },
    ];
    let further = state.settings.readiness_checks.iter().map(run);
    checks.extend(join_all(further).await);
    let failed = checks.iter().filter(|check| !check.ok && check.is_vital);
    let failed: Vec<&str> = failed.map(|check| check.name).collect();
    if failed.is_empty() {
        let is_whole = checks.iter().all(|check| check.ok);
        let status = if is_whole { "ok" } else { "degraded" };
        return Ok(Json(ReadyView { status, checks }));
    }
    Err(Problem::new(
        ErrorCode::TemporarilyUnavailable,
        format!("not ready: {}", failed.join(", ")),
    ))
}

async fn is_store_up(state: &ApiState) -> bool {
    let ping = state.settings.read_model.ping();
    matches!(tokio::time::timeout(CHECK_TIMEOUT, ping).await, Ok(Ok(())))
}

async fn run(check: &ReadinessCheck) -> CheckView {
    let answer = tokio::time::timeout(CHECK_TIMEOUT, (check.probe)()).await;
    CheckView {
        name: check.name,
        is_vital: check.is_vital,
        ok: answer.unwrap_or(false),
    }
}
