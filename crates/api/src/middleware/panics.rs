//! A panic in a handler is one failed request, not a lost connection.

use crate::problem::Problem;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt as _;
use std::any::Any;
use std::panic::AssertUnwindSafe;

pub(crate) async fn catch_panics(request: Request, next: Next) -> Response {
    // Nothing that the handler could have left half-done is used again: it lives in the request.
    AssertUnwindSafe(next.run(request))
        .catch_unwind()
        .await
        .unwrap_or_else(|payload| {
            Problem::internal(format!("a handler panicked: {}", message(&*payload))).into_response()
        })
}

fn message(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&'static str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}
