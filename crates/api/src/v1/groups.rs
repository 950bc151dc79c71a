//! Groups that an environment is in. Their names hold slashes, so they stand in bodies.

use super::accepted::Accepted;
use crate::documents::WriteProblems;
use crate::problem::Problem;
use crate::request::{Caller, FieldFaults, JsonBody, Target};
use crate::state::ApiState;
use application::EnvironmentTarget;
use application::environments::{ChangeGroupsCommand, GroupChange};
use axum::extract::State;
use domain::names::GroupName;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(attach_group))
        .routes(routes!(detach_group))
        .routes(routes!(set_group))
}

/// A group of environments.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GroupRef)]
struct GroupBody {
    /// The group; `/` makes a group inside another one.
    #[schema(example = "customers/example", min_length = 1, max_length = 80)]
    group: String,
}

/// Add an environment to a group
///
/// Answers at once with the job that adds it. The group is made when it is missing.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/environments/{environment_id}/groups/actions/attach",
    operation_id = "attach_group", tag = "environments",
    params(Target),
    request_body(content = GroupBody, description = "The group."),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("group.manage"))),
)]
async fn attach_group(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    JsonBody(body): JsonBody<GroupBody>,
) -> Result<Accepted, Problem> {
    change(&state, caller, target, GroupChange::Attach, &body).await
}

/// Take an environment out of a group
///
/// Answers at once with the job that takes it out. One that is not in the group stays as it is.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/environments/{environment_id}/groups/actions/detach",
    operation_id = "detach_group", tag = "environments",
    params(Target),
    request_body(content = GroupBody, description = "The group."),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("group.manage"))),
)]
async fn detach_group(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    JsonBody(body): JsonBody<GroupBody>,
) -> Result<Accepted, Problem> {
    change(&state, caller, target, GroupChange::Detach, &body).await
}

/// Leave an environment in one group only
///
/// Answers at once with the job that does it. The group is made when it is missing.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/environments/{environment_id}/groups/actions/set",
    operation_id = "set_group", tag = "environments",
    params(Target),
    request_body(content = GroupBody, description = "The group."),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("group.manage"))),
)]
async fn set_group(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    JsonBody(body): JsonBody<GroupBody>,
) -> Result<Accepted, Problem> {
    change(&state, caller, target, GroupChange::Set, &body).await
}

async fn change(
    state: &ApiState,
    caller: Caller,
    target: EnvironmentTarget,
    change: GroupChange,
    body: &GroupBody,
) -> Result<Accepted, Problem> {
    let mut faults = FieldFaults::default();
    let Some(group) = faults.parse("/group", &body.group, GroupName::parse) else {
        return Err(faults.into_problem());
    };
    let command = ChangeGroupsCommand {
        target,
        group,
        change,
    };
    let use_case = state.use_cases.changes.change_groups.clone();
    let accepted = state
        .run_mutation(async move { use_case.run(&caller.actor, command).await })
        .await?;
    Ok(accepted.into())
}
