//! A person who signed in with a browser, apart from any team. What is theirs alone is never done by an
//! API token.

use super::credential::{check_csrf, facts, presented};
use super::identified::identify;
use super::rate::count_caller;
use crate::problem::Problem;
use crate::state::ApiState;
use application::authenticate::PresentedCredential;
use application::refusals::RefusedCaller;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::SecretText;
use domain::access::Person;
use domain::error_code::ErrorCode;
use tracing::Span;

/// The person, and the token of their session.
#[derive(Clone)]
pub(crate) struct SignedIn {
    pub(crate) person: Person,
    pub(crate) session_token: SecretText,
}

impl FromRequestParts<ApiState> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let credential = presented(&parts.headers)?;
        let facts = facts(parts)?;
        let authenticate = &state.use_cases.authenticate;
        let session_token = match &credential {
            PresentedCredential::Session(token) => token.clone(),
            PresentedCredential::Token(_) => {
                let (actor, _) = authenticate.token_bearer(&credential, facts).await?;
                identify(parts, || RefusedCaller::Actor(actor));
                return Err(Problem::new(
                    ErrorCode::BrowserSessionRequired,
                    "a person does this: sign in with a browser instead of sending an API token",
                ));
            }
        };
        let person = authenticate.person(&credential, facts).await?;
        identify(parts, || RefusedCaller::Person(Box::new(person.clone())));
        count_caller(parts, state, &person.principal(), None).await?;
        check_csrf(parts, state, &credential)?;
        Span::current().record("user", person.principal().as_text());
        Ok(Self {
            person,
            session_token,
        })
    }
}
