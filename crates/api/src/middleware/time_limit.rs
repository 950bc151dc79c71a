//! No answer takes for ever. A mutation that runs into the limit goes on in its own task.

use crate::problem::Problem;
use crate::request::wait_of;
use crate::state::ApiState;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::error_code::ErrorCode;

pub(crate) async fn limit_time(
    State(state): State<ApiState>,
    request: Request,
    next: Next,
) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let wait = wait_of(request.headers()).unwrap_or_default();
    let limit = state.settings.request_timeout + wait;
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) if is_read => Problem::new(
            ErrorCode::TemporarilyUnavailable,
            "the answer took too long; nothing was changed, try again",
        )
        .into_response(),
        Err(_) => Problem::new(
            ErrorCode::OutcomeUnknown,
            "the answer took too long and the work may go on; repeat the request with the same \
             idempotency key, or read what it would have changed",
        )
        .into_response(),
    }
}
