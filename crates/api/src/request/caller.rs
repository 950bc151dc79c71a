//! Who is calling: the bearer token of a request becomes an actor. A handler cannot call a use case
//! without one.

use crate::problem::Problem;
use crate::state::ApiState;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use domain::SecretText;
use domain::access::{Actor, RequestOrigin};
use domain::error_code::ErrorCode;
use domain::ids::RequestId;
use std::net::IpAddr;
use tracing::Span;

/// Longest token that is looked at, in bytes; ours are shorter than 100.
const TOKEN_LENGTH_MAX: usize = 256;
/// Longest part of a `User-Agent` that is kept, in characters.
const USER_AGENT_LENGTH_MAX: usize = 200;

/// What is known of a request before anybody is authenticated.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestContext {
    pub(crate) request_id: RequestId,
}

/// The address at the other end of the connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PeerAddress(pub(crate) IpAddr);

/// The authenticated caller.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) actor: Actor,
    token: SecretText,
}

impl FromRequestParts<ApiState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let token = bearer_token(&parts.headers)?;
        let origin = origin(parts)?;
        let actor = state.use_cases.authenticate.run(&token, origin).await?;
        let span = Span::current();
        span.record("team_id", actor.team_id().to_string());
        span.record("user", actor.principal().as_text());
        Ok(Self { actor, token })
    }
}

impl Caller {
    /// Asks again whether the token is good and what it may do, after a wait: what was revoked
    /// meanwhile must not be answered any more.
    pub(crate) async fn authenticate_again(&mut self, state: &ApiState) -> Result<(), Problem> {
        let origin = self.actor.origin().clone();
        let authenticate = &state.use_cases.authenticate;
        self.actor = authenticate.run(&self.token, origin).await?;
        Ok(())
    }
}

fn bearer_token(headers: &HeaderMap) -> Result<SecretText, Problem> {
    let missing = || {
        Problem::new(
            ErrorCode::Unauthenticated,
            "an API token is required: `Authorization: Bearer <token>`",
        )
    };
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(missing());
    };
    let text = value.to_str().map_err(|_| missing())?;
    let (scheme, token) = text.split_once(' ').ok_or_else(missing)?;
    let token = token.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() || token.len() > TOKEN_LENGTH_MAX
    {
        return Err(missing());
    }
    Ok(SecretText::new(token.to_owned()))
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
    Ok(RequestOrigin {
        request_id: context.request_id,
        client_address: parts
            .extensions
            .get::<PeerAddress>()
            .map(|peer| peer.0.to_string()),
        user_agent,
    })
}
