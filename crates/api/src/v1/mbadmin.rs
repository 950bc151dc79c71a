//! The package that manages caches: installing it, and running its actions. Which actions and
//! parameters there are is in configuration.

use super::accepted::Accepted;
use crate::documents::WriteProblems;
use crate::problem::Problem;
use crate::request::{CacheActionPath, Caller, FieldFaults, JsonBody, NoBody, Target, pointer_to};
use crate::state::ApiState;
use application::addons::RunMbadminActionCommand;
use axum::extract::State;
use domain::names::ParameterName;
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(install_mbadmin))
        .routes(routes!(run_cache_action))
}

/// Parameters of an action.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CacheAction)]
struct ActionBody {
    /// Parameters by name; configuration says which ones an action has.
    #[serde(default)]
    #[schema(example = json!({"ttl": "3600"}))]
    parameters: BTreeMap<String, String>,
}

/// Install mbadmin
///
/// Answers at once with the job that installs the package that manages caches. The environment must
/// not have it.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/environments/{environment_id}/mbadmin",
    operation_id = "install_mbadmin", tag = "software",
    params(Target),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("mbadmin.install"))),
)]
async fn install_mbadmin(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    _: NoBody,
) -> Result<Accepted, Problem> {
    let use_case = state.use_cases.software.install_mbadmin.clone();
    let accepted = state
        .run_mutation(async move { use_case.run(&caller.actor, target).await })
        .await?;
    Ok(accepted.into())
}

/// Run an action of a cache
///
/// Answers at once with the job that runs the action. mbadmin must be installed. Nothing tells
/// afterwards whether an action ran: when its answer is lost and running it again would do harm, the
/// job asks for somebody to look.
#[utoipa::path(
    post,
    path = "/v1/teams/{team_id}/environments/{environment_id}/cache/{feature}/actions/{verb}",
    operation_id = "run_cache_action", tag = "software",
    params(
        Target,
        ("feature" = String, Path, description = "`redis`, `relay` or `opcache`."),
        ("verb" = String, Path, description = "`enable`, `disable`, `flush` or `configure`."),
    ),
    request_body(content = ActionBody, description = "Parameters of the action."),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("cache.manage"))),
)]
async fn run_cache_action(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    CacheActionPath(action): CacheActionPath,
    JsonBody(body): JsonBody<ActionBody>,
) -> Result<Accepted, Problem> {
    let command = RunMbadminActionCommand {
        target,
        action,
        parameters: parameters(body)?,
    };
    let use_case = state.use_cases.software.run_mbadmin_action.clone();
    let accepted = state
        .run_mutation(async move { use_case.run(&caller.actor, command).await })
        .await?;
    Ok(accepted.into())
}

fn parameters(body: ActionBody) -> Result<Vec<(ParameterName, String)>, Problem> {
    let mut faults = FieldFaults::default();
    let mut parameters = Vec::with_capacity(body.parameters.len());
    for (name, value) in body.parameters {
        let pointer = pointer_to("/parameters", &name);
        if let Some(name) = faults.parse(&pointer, &name, ParameterName::parse) {
            parameters.push((name, value));
        }
    }
    if faults.is_empty() {
        Ok(parameters)
    } else {
        Err(faults.into_problem())
    }
}
