//! Whoever brings a good credential, of any kind and for any team.

use super::SignedIn;
use super::credential::{facts, presented};
use super::rate::count_caller;
use crate::problem::Problem;
use crate::state::ApiState;
use application::authenticate::PresentedCredential;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::access::{AccessRecord, Actor};

/// A person with their session, or a token in its team.
pub(crate) enum AnyCredential {
    Person(Box<SignedIn>),
    Token(Box<(Actor, AccessRecord)>),
}

impl FromRequestParts<ApiState> for AnyCredential {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let credential = presented(&parts.headers)?;
        match credential {
            PresentedCredential::Session(_) => {
                let signed_in = SignedIn::from_request_parts(parts, state).await?;
                Ok(Self::Person(Box::new(signed_in)))
            }
            PresentedCredential::Token(_) => {
                let authenticate = &state.use_cases.authenticate;
                let bearer = authenticate
                    .token_bearer(&credential, facts(parts)?)
                    .await?;
                count_caller(parts, state, &bearer.0.principal(), None).await?;
                Ok(Self::Token(Box::new(bearer)))
            }
        }
    }
}
