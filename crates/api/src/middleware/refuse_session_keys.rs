//! A request that carries a platform session key outside of its body goes no further. Bodies are
//! looked at where they are read.

use crate::request::session_keys;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

pub(crate) async fn refuse_session_keys(request: Request, next: Next) -> Response {
    match session_keys::refuse_outside_body(request.uri().query(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}
