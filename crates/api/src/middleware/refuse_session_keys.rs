//! A request that carries a platform session key outside of its body goes no further. Bodies are
//! looked at where they are read.

use crate::request::{Caller, SignedIn, session_keys};
use crate::state::ApiState;
use axum::extract::{FromRequestParts as _, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

pub(crate) async fn refuse_session_keys(
    State(state): State<ApiState>,
    request: Request,
    next: Next,
) -> Response {
    match session_keys::refuse_outside_body(request.uri().query(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(problem) => {
            let (mut parts, _) = request.into_parts();
            find_caller(&mut parts, &state).await;
            problem.into_response()
        }
    }
}

/// Finds out who it is, for the audit trail alone: the answer is the same for everybody.
async fn find_caller(parts: &mut Parts, state: &ApiState) {
    let route = parts.extensions.get::<MatchedPath>();
    if route.is_some_and(|route| route.as_str().contains("/{team_id}")) {
        Caller::from_request_parts(parts, state).await.ok();
    } else {
        SignedIn::from_request_parts(parts, state).await.ok();
    }
}
