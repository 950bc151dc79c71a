//! The `Idempotency-Key` header.

use super::path::TeamPath;
use super::rate::count_job;
use crate::problem::{Fault, Problem};
use crate::state::ApiState;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::error_code::ErrorCode;
use domain::names::IdempotencyKey;

const HEADER: &str = "idempotency-key";

/// A key that must be there. Whoever asks for one makes a job of the request, and it is counted as such.
pub(crate) struct RequiredIdempotencyKey(pub(crate) IdempotencyKey);

impl FromRequestParts<ApiState> for RequiredIdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let team = TeamPath::from_request_parts(parts, state).await?.team_id;
        count_job(parts, state, team).await?;
        let mut values = parts.headers.get_all(HEADER).iter();
        let Some(value) = values.next() else {
            return Err(Problem::new(
                ErrorCode::IdempotencyKeyRequired,
                "send an `Idempotency-Key` header, unique for what you want to happen once",
            ));
        };
        if values.next().is_some() {
            let fault = Fault::in_header("Idempotency-Key", "is given twice");
            return Err(Problem::malformed(fault));
        }
        let text = String::from_utf8_lossy(value.as_bytes());
        IdempotencyKey::parse(&text).map(Self).map_err(|error| {
            Problem::invalid(vec![Fault::in_header("Idempotency-Key", error.rule())])
        })
    }
}
