//! Who is calling: the credential of a request becomes an actor of the team in its path. A handler
//! cannot call a use case about a team without one.

use super::credential::{check_csrf, facts, presented};
use super::identified::identify;
use super::path::TeamPath;
use super::rate::count_caller;
use crate::problem::Problem;
use crate::state::ApiState;
use application::authenticate::{PresentedCredential, RequestFacts};
use application::refusals::RefusedCaller;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::access::Actor;
use domain::ids::RequestId;
use std::net::IpAddr;
use tracing::Span;

/// What is known of a request before anybody is authenticated.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestContext {
    pub(crate) request_id: RequestId,
}

/// Where the request came from, as far as it can be trusted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

/// The authenticated caller of the team in the path.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) actor: Actor,
    credential: PresentedCredential,
    facts: RequestFacts,
}

impl FromRequestParts<ApiState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let credential = presented(&parts.headers)?;
        let team = TeamPath::from_request_parts(parts, state).await?.team_id;
        let facts = facts(parts)?;
        let authenticate = &state.use_cases.authenticate;
        let actor = authenticate.actor(&credential, team, facts.clone()).await?;
        identify(parts, || RefusedCaller::Actor(actor.clone()));
        count_caller(parts, state, &actor.principal(), Some(team)).await?;
        check_csrf(parts, state, &credential)?;
        let span = Span::current();
        span.record("team_id", actor.team_id().to_string());
        span.record("user", actor.principal().as_text());
        Ok(Self {
            actor,
            credential,
            facts,
        })
    }
}

impl Caller {
    /// Asks again whether the credential is good and what it may do, after a wait: what was revoked
    /// meanwhile must not be answered any more.
    pub(crate) async fn authenticate_again(&mut self, state: &ApiState) -> Result<(), Problem> {
        let team = self.actor.team_id();
        let authenticate = &state.use_cases.authenticate;
        let facts = self.facts.clone();
        self.actor = authenticate.still(&self.credential, team, facts).await?;
        Ok(())
    }
}
