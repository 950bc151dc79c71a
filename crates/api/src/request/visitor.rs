//! Somebody nobody is known for: who registers, signs in, or opens a link of a mail.

use super::credential::facts;
use crate::problem::Problem;
use crate::state::ApiState;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::access::RequestOrigin;

/// Where the request came from. A credential that comes along is not looked at.
pub(crate) struct Visitor(pub(crate) RequestOrigin);

impl FromRequestParts<ApiState> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Self, Problem> {
        Ok(Self(facts(parts)?.origin))
    }
}
