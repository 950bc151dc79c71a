//! Counting a request by what is found out about its caller.

use crate::problem::Problem;
use crate::rate_limits::RateAccount;
use crate::state::ApiState;
use axum::http::request::Parts;
use domain::access::Principal;
use domain::ids::TeamId;
use domain::rate_limit::{RateDemand, RateScope};

/// By credential, and by the team it is about.
pub(super) async fn count_caller(
    parts: &Parts,
    state: &ApiState,
    principal: &Principal,
    team: Option<TeamId>,
) -> Result<(), Problem> {
    let limits = &state.settings.rate_limits;
    let mut demands = vec![limits.demand(RateScope::Credential, principal.as_text())];
    demands.extend(team.map(|team| limits.demand(RateScope::Team, team.to_string())));
    charge(parts, state, &demands).await
}

/// As one that becomes a job.
pub(super) async fn count_job(
    parts: &Parts,
    state: &ApiState,
    team: TeamId,
) -> Result<(), Problem> {
    let limits = &state.settings.rate_limits;
    charge(
        parts,
        state,
        &[limits.demand(RateScope::Jobs, team.to_string())],
    )
    .await
}

async fn charge(parts: &Parts, state: &ApiState, demands: &[RateDemand]) -> Result<(), Problem> {
    let account = parts.extensions.get::<RateAccount>();
    let account = account.ok_or_else(|| Problem::internal("the request is not counted"))?;
    account.charge(&state.settings.rate_limits, demands).await
}
