//! Groups that an environment is in. Their names hold slashes, so they stand in bodies.

use super::accepted::Accepted;
use crate::documents::{ReadProblems, WriteProblems};
use crate::problem::Problem;
use crate::request::{Caller, FieldFaults, JsonBody, NoQuery, QueryOf, Target, TeamPath};
use crate::state::ApiState;
use application::EnvironmentTarget;
use application::environments::{ChangeGroupsCommand, EnvironmentGroup, GroupChange};
use axum::Json;
use axum::extract::State;
use domain::names::GroupName;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list_groups))
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

/// A group, and which of the team's environments are in it.
#[derive(Serialize, ToSchema)]
#[schema(as = Group)]
struct GroupView {
    /// Its name; `/` makes a group inside another one.
    #[schema(example = "customers/example")]
    name: String,
    /// The environments in it, oldest first.
    #[schema(example = json!(["env_01kb3m1x9zf8q9w3v5t7r2p4n6"]))]
    environment_ids: Vec<String>,
}

/// The groups that the team's environments are in, by name.
#[derive(Serialize, ToSchema)]
#[schema(as = GroupList)]
struct GroupListView {
    /// The groups; all of them.
    data: Vec<GroupView>,
}

impl From<EnvironmentGroup> for GroupView {
    fn from(group: EnvironmentGroup) -> Self {
        let ids = group.environments.iter();
        Self {
            environment_ids: ids.map(ToString::to_string).collect(),
            name: group.name,
        }
    }
}

/// List groups
///
/// The groups that the team's environments are in. A group in which there is none of them is not shown: it is gone with
/// the last one. Asked of the platform while you wait, at most ten seconds; an answer may be ten seconds old.
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/groups", operation_id = "list_groups", tag = "environments",
    params(("team_id" = String, Path, description = "The team.")),
    responses(
        (status = 200, description = "The groups.", body = GroupListView),
        (status = 409, description = "The platform cannot be asked.",
            body = crate::problem::ProblemBody, content_type = "application/problem+json"),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("env.view"))),
)]
async fn list_groups(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    _: QueryOf<NoQuery>,
) -> Result<Json<GroupListView>, Problem> {
    let use_case = &state.use_cases.capacity.list_groups;
    let groups = use_case.run(&caller.actor, path.team_id).await?;
    Ok(Json(GroupListView {
        data: groups.into_iter().map(GroupView::from).collect(),
    }))
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
