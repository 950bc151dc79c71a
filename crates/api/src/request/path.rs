//! Identifiers in paths.

use crate::problem::{Fault, FaultLocation, Problem};
use crate::state::ApiState;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use domain::ids::{EnvironmentId, IdParseError, JobId, TeamId};
use std::str::FromStr;

/// `/teams/{team_id}`.
pub(crate) struct TeamPath {
    pub(crate) team_id: TeamId,
}

/// `/teams/{team_id}/environments/{environment_id}`.
pub(crate) struct EnvironmentPath {
    pub(crate) team_id: TeamId,
    pub(crate) environment_id: EnvironmentId,
}

/// `/teams/{team_id}/jobs/{job_id}`.
pub(crate) struct JobPath {
    pub(crate) team_id: TeamId,
    pub(crate) job_id: JobId,
}

impl FromRequestParts<ApiState> for TeamPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let texts = texts(parts, state).await?;
        Ok(Self {
            team_id: id(&texts, "team_id")?,
        })
    }
}

impl FromRequestParts<ApiState> for EnvironmentPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let texts = texts(parts, state).await?;
        Ok(Self {
            team_id: id(&texts, "team_id")?,
            environment_id: id(&texts, "environment_id")?,
        })
    }
}

impl FromRequestParts<ApiState> for JobPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let texts = texts(parts, state).await?;
        Ok(Self {
            team_id: id(&texts, "team_id")?,
            job_id: id(&texts, "job_id")?,
        })
    }
}

async fn texts(parts: &mut Parts, state: &ApiState) -> Result<RawPathParams, Problem> {
    RawPathParams::from_request_parts(parts, state)
        .await
        .map_err(|_| {
            let detail = "must be percent-encoded UTF-8";
            Problem::malformed(Fault::new(FaultLocation::Path, "", detail))
        })
}

fn id<Id: FromStr<Err = IdParseError>>(texts: &RawPathParams, name: &str) -> Result<Id, Problem> {
    let (_, text) = texts
        .iter()
        .find(|(known, _)| *known == name)
        .ok_or_else(|| Problem::internal(format!("the route has no `{name}`")))?;
    text.parse().map_err(|error: IdParseError| {
        let rule = error.to_string();
        let detail = rule.trim_start_matches("identifier ");
        Problem::invalid(vec![Fault::new(FaultLocation::Path, name, detail)])
    })
}
