//! Lets pages of the origins that are configured read answers (CORS). Off unless somebody configures one. Only tokens
//! work from there: no page of another origin is given the cookie of a session.

use crate::state::ApiState;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");
const REQUEST_HEADERS: HeaderValue = HeaderValue::from_static(
    "authorization, content-type, idempotency-key, if-match, if-none-match, last-event-id, prefer, \
     x-request-id",
);
const ANSWER_HEADERS: HeaderValue = HeaderValue::from_static(
    "deprecation, etag, idempotency-replayed, location, preference-applied, ratelimit, ratelimit-policy, request-id, \
     retry-after, sunset",
);
/// How long a browser remembers what it may ask, in seconds.
const REMEMBERED: HeaderValue = HeaderValue::from_static("600");

pub(crate) async fn share_with_origins(
    State(state): State<ApiState>,
    request: Request,
    next: Next,
) -> Response {
    let allowed = &state.settings.allowed_origins;
    if allowed.is_empty() {
        return next.run(request).await;
    }
    let origin = request.headers().get(header::ORIGIN);
    let origin = origin.filter(|it| allowed.contains(it)).cloned();
    let mut response = match &origin {
        Some(_) if asks_beforehand(&request) => permission(),
        _ => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, ANSWER_HEADERS);
    }
    response
}

fn asks_beforehand(request: &Request) -> bool {
    let asks = request
        .headers()
        .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    *request.method() == Method::OPTIONS && asks
}

/// What the browser may send. Whether there is such a path, the request itself finds out.
fn permission() -> Response {
    let headers: HeaderMap = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS),
        (header::ACCESS_CONTROL_MAX_AGE, REMEMBERED),
    ]
    .into_iter()
    .collect();
    (StatusCode::NO_CONTENT, headers).into_response()
}
