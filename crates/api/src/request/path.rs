//! Identifiers and names in paths.

mod member_of_team;

pub(crate) use member_of_team::{
    ApiTokenPath, InvitationPath, MemberPath, RolePath, WebhookDeliveryPath, WebhookPath,
};

use super::fields::id_rule;
use crate::problem::{Fault, FaultLocation, Problem};
use crate::state::ApiState;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use domain::ids::{EnvironmentId, IdParseError, JobId, NodeId, TeamId, UserSessionId};
use domain::names::{ExternalDomain, PlatformName};
use domain::software::{Addon, CacheFeature, CacheVerb, MbadminAction};
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

/// `…/nodes/{node_id}`.
pub(crate) struct NodePath(pub(crate) NodeId);

/// `/browser-sessions/{session_id}`.
pub(crate) struct SessionPath(pub(crate) UserSessionId);

/// `…/addons/{addon}`.
pub(crate) struct AddonPath(pub(crate) Addon);

/// `/operator/platforms/{platform}`.
pub(crate) struct PlatformPath(pub(crate) PlatformName);

/// `…/domains/{domain}`.
pub(crate) struct DomainPath(pub(crate) ExternalDomain);

/// `…/cache/{feature}/actions/{verb}`.
pub(crate) struct CacheActionPath(pub(crate) MbadminAction);

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

impl FromRequestParts<ApiState> for NodePath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let texts = texts(parts, state).await?;
        Ok(Self(id(&texts, "node_id")?))
    }
}

impl FromRequestParts<ApiState> for SessionPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let texts = texts(parts, state).await?;
        Ok(Self(id(&texts, "session_id")?))
    }
}

impl FromRequestParts<ApiState> for AddonPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let texts = texts(parts, state).await?;
        let addon = one_of(&texts, "addon", Addon::ALL, |addon| addon.as_str())?;
        Ok(Self(addon))
    }
}

impl FromRequestParts<ApiState> for DomainPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let texts = texts(parts, state).await?;
        let domain = ExternalDomain::parse(text(&texts, "domain")?);
        Ok(Self(
            domain.map_err(|error| invalid("domain", error.rule()))?,
        ))
    }
}

impl FromRequestParts<ApiState> for PlatformPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let texts = texts(parts, state).await?;
        let platform = PlatformName::parse(text(&texts, "platform")?);
        Ok(Self(
            platform.map_err(|error| invalid("platform", error.rule()))?,
        ))
    }
}

impl FromRequestParts<ApiState> for CacheActionPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let texts = texts(parts, state).await?;
        Ok(Self(MbadminAction {
            feature: one_of(&texts, "feature", &CacheFeature::ALL, |it| it.as_str())?,
            verb: one_of(&texts, "verb", &CacheVerb::ALL, |it| it.as_str())?,
        }))
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

fn text<'a>(texts: &'a RawPathParams, name: &str) -> Result<&'a str, Problem> {
    let found = texts.iter().find(|(known, _)| *known == name);
    found
        .map(|(_, text)| text)
        .ok_or_else(|| Problem::internal(format!("the route has no `{name}`")))
}

fn id<Id: FromStr<Err = IdParseError>>(texts: &RawPathParams, name: &str) -> Result<Id, Problem> {
    let id = text(texts, name)?.parse();
    id.map_err(|error| invalid(name, &id_rule(&error)))
}

/// The value of a closed list that is called so.
fn one_of<Value: Copy>(
    texts: &RawPathParams,
    name: &str,
    all: &[Value],
    as_str: impl Fn(&Value) -> &'static str,
) -> Result<Value, Problem> {
    let text = text(texts, name)?;
    let found = all.iter().find(|value| as_str(value) == text);
    found.copied().ok_or_else(|| {
        let known: Vec<_> = all
            .iter()
            .map(|value| format!("`{}`", as_str(value)))
            .collect();
        invalid(name, &format!("must be one of {}", known.join(", ")))
    })
}

fn invalid(name: &str, rule: &str) -> Problem {
    Problem::invalid(vec![Fault::new(FaultLocation::Path, name, rule)])
}
