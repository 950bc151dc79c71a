//! Renewing what runs: restarts and redeployments.

use super::accepted::Accepted;
use crate::documents::WriteProblems;
use crate::problem::Problem;
use crate::request::{Caller, FieldFaults, JsonBody, Target};
use crate::state::ApiState;
use application::environments::{
    EnvironmentPart, RedeployEnvironmentCommand, RestartEnvironmentCommand,
};
use axum::extract::State;
use domain::names::{NodeGroup, StackVersion};
use domain::ports::RedeploySpec;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(restart_environment))
        .routes(routes!(redeploy_environment))
}

/// Which nodes are restarted: `"all"`, those of one layer, or one.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RestartTarget)]
enum RestartTargetBody {
    /// Every node, layer by layer.
    All,
    /// Every node of a layer.
    NodeGroup(String),
    /// One node.
    NodeId(String),
}

/// Which containers are replaced: those of one layer, or one.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RedeployTarget)]
enum RedeployTargetBody {
    /// Every node of a layer.
    NodeGroup(String),
    /// One node.
    NodeId(String),
}

/// What is restarted.
#[derive(Deserialize, ToSchema, Clone, Copy)]
#[serde(rename_all = "snake_case")]
#[schema(as = RestartWhat)]
enum WhatBody {
    /// The services in the containers.
    Services,
    /// The containers.
    Nodes,
}

/// What to restart.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Restart)]
struct RestartBody {
    /// The services or the containers.
    what: WhatBody,
    /// Which of them.
    target: RestartTargetBody,
}

/// What to redeploy.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Redeploy)]
struct RedeployBody {
    /// The version of the stack's image. The present one again pulls it again.
    #[schema(example = "8.3.14", min_length = 1, max_length = 128)]
    version: String,
    /// Whether the containers keep the data of their volumes.
    keeps_volumes: bool,
    /// Which of them.
    target: RedeployTargetBody,
}

/// Restart
///
/// Answers at once with the job that restarts what runs; for the whole environment, layer by layer.
/// Nothing tells afterwards whether a restart happened: when its answer is lost, the job asks for
/// somebody to look instead of restarting twice.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/environments/{environment_id}/actions/restart",
    operation_id = "restart_environment", tag = "environments",
    params(Target),
    request_body(content = RestartBody, description = "What to restart.",
        example = json!({"what": "services", "target": {"node_group": "cp"}})),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("env.restart"))),
)]
async fn restart_environment(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    JsonBody(body): JsonBody<RestartBody>,
) -> Result<Accepted, Problem> {
    let mut faults = FieldFaults::default();
    let part = match &body.target {
        RestartTargetBody::All => None,
        RestartTargetBody::NodeGroup(group) => layer(&mut faults, group),
        RestartTargetBody::NodeId(id) => node(&mut faults, id),
    };
    if !faults.is_empty() {
        return Err(faults.into_problem());
    }
    let command = RestartEnvironmentCommand {
        target,
        part,
        is_of_containers: matches!(body.what, WhatBody::Nodes),
    };
    let use_case = state.use_cases.changes.restart_environment.clone();
    let accepted = state
        .run_mutation(async move { use_case.run(&caller.actor, command).await })
        .await?;
    Ok(accepted.into())
}

/// Redeploy
///
/// Answers at once with the job that replaces containers by new ones of a version. Nodes that are made
/// anew have other ids. When the answer is lost, the job asks for somebody to look.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/environments/{environment_id}/actions/redeploy",
    operation_id = "redeploy_environment", tag = "environments",
    params(Target),
    request_body(content = RedeployBody, description = "What to redeploy.", example = json!({
        "version": "8.3.14", "keeps_volumes": true, "target": {"node_group": "cp"},
    })),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("env.redeploy"))),
)]
async fn redeploy_environment(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    JsonBody(body): JsonBody<RedeployBody>,
) -> Result<Accepted, Problem> {
    let mut faults = FieldFaults::default();
    let version = faults.parse("/version", &body.version, StackVersion::parse);
    let part = match &body.target {
        RedeployTargetBody::NodeGroup(group) => layer(&mut faults, group),
        RedeployTargetBody::NodeId(id) => node(&mut faults, id),
    };
    let (Some(version), Some(part)) = (version, part) else {
        return Err(faults.into_problem());
    };
    let command = RedeployEnvironmentCommand {
        target,
        part,
        spec: RedeploySpec {
            version,
            keeps_volumes: body.keeps_volumes,
        },
    };
    let use_case = state.use_cases.changes.redeploy_environment.clone();
    let accepted = state
        .run_mutation(async move { use_case.run(&caller.actor, command).await })
        .await?;
    Ok(accepted.into())
}

fn layer(faults: &mut FieldFaults, text: &str) -> Option<EnvironmentPart> {
    let layer = faults.parse("/target/node_group", text, NodeGroup::parse);
    layer.map(EnvironmentPart::Layer)
}

fn node(faults: &mut FieldFaults, text: &str) -> Option<EnvironmentPart> {
    let node = faults.parse_id("/target/node_id", text);
    node.map(EnvironmentPart::Node)
}
