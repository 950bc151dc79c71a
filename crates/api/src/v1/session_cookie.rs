//! The cookie of a browser session, and what is shown of a session that has just got its token.

use crate::request::SESSION_COOKIE;
use application::people::IssuedSession;
use axum::Json;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::ports::Clock;
use serde::Serialize;
use utoipa::ToSchema;

/// A session after it got a token. The token itself is in the cookie only.
#[derive(Serialize, ToSchema)]
#[schema(as = IssuedSession)]
pub(super) struct IssuedSessionView {
    /// The session.
    #[schema(example = "sess_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    session_id: String,
    /// Send it as `X-CSRF-Token` with everything that changes something. It changes when the cookie
    /// does; `GET /v1/me` tells it, too.
    csrf_token: String,
    /// When the person last proved who they are; what is risky needs that to be at most five minutes
    /// ago.
    #[schema(format = DateTime)]
    authenticated_at: String,
    /// From when on the session is refused, however much it is used.
    #[schema(format = DateTime)]
    expires_at: String,
}

impl From<&IssuedSession> for IssuedSessionView {
    fn from(session: &IssuedSession) -> Self {
        Self {
            session_id: session.id.to_string(),
            csrf_token: session.csrf_token.expose().to_owned(),
            authenticated_at: session.authenticated_at.to_string(),
            expires_at: session.expires_at.to_string(),
        }
    }
}

/// The view as answer, with the cookie of the session.
pub(super) fn with_cookie(
    session: &IssuedSession,
    clock: &dyn Clock,
    view: impl Serialize,
) -> Response {
    let seconds = session
        .expires_at
        .duration_since(clock.now())
        .as_secs()
        .max(0);
    let token = session.token.expose();
    with_header(cookie(token, seconds), Json(view))
}

/// The answer, and no cookie any more.
pub(super) fn without_cookie(answer: impl IntoResponse) -> Response {
    with_header(cookie("", 0), answer)
}

fn cookie(token: &str, seconds: i64) -> HeaderValue {
    let attributes = "Path=/; Secure; HttpOnly; SameSite=Lax";
    let text = format!("{SESSION_COOKIE}={token}; {attributes}; Max-Age={seconds}");
    let mut value = HeaderValue::try_from(text).expect("tokens are ASCII");
    value.set_sensitive(true);
    value
}

fn with_header(cookie: HeaderValue, answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    response
}
