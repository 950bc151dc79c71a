//! One of those who run the service, signed in with a browser. To everybody else who has a credential,
//! what operators can ask for does not exist.

use super::signed_in::SignedIn;
use crate::problem::Problem;
use crate::state::ApiState;
use application::UseCaseError;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::access::Person;
use domain::error_code::ErrorCode;

/// The operator.
#[derive(Clone)]
pub(crate) struct OperatorSession {
    pub(crate) person: Person,
}

impl FromRequestParts<ApiState> for OperatorSession {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let not_found = || Problem::from(UseCaseError::not_found());
        match SignedIn::from_request_parts(parts, state).await {
            Ok(SignedIn { person, .. }) if person.user.is_operator => Ok(Self { person }),
            Ok(_) => Err(not_found()),
            Err(problem) if problem.code() == ErrorCode::BrowserSessionRequired => Err(not_found()),
            Err(problem) => Err(problem),
        }
    }
}
