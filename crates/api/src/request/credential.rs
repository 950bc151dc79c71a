//! The credential of a request: an API token in `Authorization`, or the cookie of a browser session.

use super::ClientAddress;
use super::caller::RequestContext;
use crate::problem::Problem;
use crate::state::ApiState;
use application::authenticate::{PresentedCredential, RequestFacts};
use axum::extract::MatchedPath;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use domain::SecretText;
use domain::access::RequestOrigin;
use domain::error_code::ErrorCode;
use domain::planted::{self, Fault};

/// The cookie of a browser session. The prefix makes browsers refuse it without `Secure`, with a
/// `Domain`, or for another path.
pub(crate) const SESSION_COOKIE: &str = "__Host-windlass";
/// Carries the CSRF token of the session with everything that changes something.
pub(crate) const CSRF_HEADER: &str = "x-csrf-token";

/// Longest credential that is looked at, in bytes; ours are shorter than 100.
const CREDENTIAL_LENGTH_MAX: usize = 256;
/// Longest part of a `User-Agent` that is kept, in characters.
const USER_AGENT_LENGTH_MAX: usize = 200;

/// What the request presents. `Authorization` wins: a program that sends it means it.
pub(super) fn presented(headers: &HeaderMap) -> Result<PresentedCredential, Problem> {
    if headers.contains_key(header::AUTHORIZATION) {
        return bearer_token(headers).map(PresentedCredential::Token);
    }
    session_token(headers)
        .map(PresentedCredential::Session)
        .ok_or_else(missing)
}

/// The token in the session cookie. A cookie that is there twice is nobody's.
pub(crate) fn session_token(headers: &HeaderMap) -> Option<SecretText> {
    let mut found = None;
    for value in headers.get_all(header::COOKIE) {
        for cookie in value.to_str().ok()?.split(';') {
            let Some((name, text)) = cookie.trim().split_once('=') else {
                continue;
            };
            if name == SESSION_COOKIE {
                let is_fit = found.is_none() && (1..=CREDENTIAL_LENGTH_MAX).contains(&text.len());
                found = is_fit.then(|| SecretText::new(text.to_owned()));
                found.as_ref()?;
            }
        }
    }
    found
}

fn missing() -> Problem {
    Problem::new(
        ErrorCode::Unauthenticated,
        "a credential is required: `Authorization: Bearer <API token>` or a browser session",
    )
}

fn bearer_token(headers: &HeaderMap) -> Result<SecretText, Problem> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(missing());
    };
    let text = value.to_str().map_err(|_| missing())?;
    let (scheme, token) = text.split_once(' ').ok_or_else(missing)?;
    let token = token.trim();
    let is_fit =
        scheme.eq_ignore_ascii_case("bearer") && (1..=CREDENTIAL_LENGTH_MAX).contains(&token.len());
    if is_fit {
        Ok(SecretText::new(token.to_owned()))
    } else {
        Err(missing())
    }
}

/// A browser sends its cookie with whatever any page asks it to send; only pages of ours know the CSRF
/// token. Passes for tokens, which no browser sends by itself, and for what changes nothing.
pub(super) fn check_csrf(
    parts: &Parts,
    state: &ApiState,
    credential: &PresentedCredential,
) -> Result<(), Problem> {
    let PresentedCredential::Session(session) = credential else {
        return Ok(());
    };
    let changes_nothing = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    if changes_nothing || planted::is_on(Fault::CsrfIgnored) {
        return Ok(());
    }
    let mut values = parts.headers.get_all(CSRF_HEADER).iter();
    let presented = match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    };
    let hasher = &state.settings.token_hasher;
    let is_right = presented
        .is_some_and(|text| hasher.is_csrf_token(session, &SecretText::new(text.to_owned())));
    if is_right {
        Ok(())
    } else {
        Err(Problem::new(
            ErrorCode::CsrfTokenInvalid,
            "send the session's `csrf_token` in the header `X-CSRF-Token`; `GET /v1/me` tells it",
        ))
    }
}

/// What is known of the request besides its credential.
pub(crate) fn facts(parts: &Parts) -> Result<RequestFacts, Problem> {
    let route = parts.extensions.get::<MatchedPath>();
    let client = parts.extensions.get::<ClientAddress>().map(|peer| peer.0);
    Ok(RequestFacts {
        origin: origin(parts)?,
        client,
        operation: format!("{} {}", parts.method, route.map_or("", MatchedPath::as_str)),
    })
}

fn origin(parts: &Parts) -> Result<RequestOrigin, Problem> {
    let context = parts
        .extensions
        .get::<RequestContext>()
        .ok_or_else(|| Problem::internal("the request has no context"))?;
    let user_agent = parts
        .headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .map(|text| text.chars().take(USER_AGENT_LENGTH_MAX).collect());
    let peer = parts.extensions.get::<ClientAddress>();
    Ok(RequestOrigin {
        request_id: context.request_id,
        client_address: peer.map(|peer| peer.0.to_string()),
        user_agent,
    })
}
