//! `Prefer: wait=N` (RFC 7240): the client would rather wait than ask again. A preference that cannot
//! be read is ignored, as that standard demands.

use crate::problem::Problem;
use crate::state::ApiState;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use domain::limits::PREFER_WAIT_MAX;
use std::time::Duration;

/// How long the client would wait; never more than the limit.
pub(crate) struct Wait(pub(crate) Option<Duration>);

impl FromRequestParts<ApiState> for Wait {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Self, Problem> {
        Ok(Self(wait_of(&parts.headers)))
    }
}

/// The wait that the headers ask for, lowered to the limit.
pub(crate) fn wait_of(headers: &HeaderMap) -> Option<Duration> {
    headers
        .get_all("prefer")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .find_map(seconds)
        .map(|seconds| Duration::from_secs(seconds).min(PREFER_WAIT_MAX))
}

fn seconds(preference: &str) -> Option<u64> {
    let preference = preference.split(';').next().unwrap_or_default();
    let (name, value) = preference.split_once('=')?;
    if !name.trim().eq_ignore_ascii_case("wait") {
        return None;
    }
    value.trim().trim_matches('"').parse().ok()
}
