//! Shared folders: what a node sees of another one. Paths hold slashes, so they stand in bodies.

use super::accepted::Accepted;
use crate::documents::WriteProblems;
use crate::problem::Problem;
use crate::request::{Caller, FieldFaults, JsonBody, Target};
use crate::state::ApiState;
use application::EnvironmentTarget;
use application::environments::{ChangeMountsCommand, MountSource};
use axum::extract::State;
use domain::names::{FolderPath, MountName};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(add_mount_point))
        .routes(routes!(remove_mount_point))
}

/// The folder to share.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MountPointAdd)]
struct AddBody {
    /// The node that shall see the folder.
    #[schema(example = "node_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    node_id: String,
    /// Where the folder appears there.
    #[schema(example = "/var/www/shared", max_length = 512)]
    path: String,
    /// The environment of the team that has the folder; this one when absent.
    #[serde(default)]
    #[schema(example = "env_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    source_environment_id: Option<String>,
    /// The node that has the folder.
    #[schema(example = "node_01kb3m1x9zf8q9w3v5t7r2p4n7")]
    source_node_id: String,
    /// The folder there.
    #[schema(example = "/data", max_length = 512)]
    source_path: String,
    /// What people call it.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 80)]
    name: Option<String>,
    /// Whether nothing can be written through it.
    #[serde(default)]
    is_read_only: bool,
}

/// The shared folder to remove.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MountPointRemove)]
struct RemoveBody {
    /// The node that sees the folder.
    #[schema(example = "node_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    node_id: String,
    /// Where it appears there.
    #[schema(example = "/var/www/shared", max_length = 512)]
    path: String,
}

/// Share a folder
///
/// Answers at once with the job that makes the folder of one node appear on another one.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/environments/{environment_id}/mount-points",
    operation_id = "add_mount_point", tag = "nodes",
    params(Target),
    request_body(content = AddBody, description = "The folder and where it appears."),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("mount.manage"))),
)]
async fn add_mount_point(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    JsonBody(body): JsonBody<AddBody>,
) -> Result<Accepted, Problem> {
    let command = adding(target, &body)?;
    change(&state, caller, command).await
}

fn adding(target: EnvironmentTarget, body: &AddBody) -> Result<ChangeMountsCommand, Problem> {
    let mut faults = FieldFaults::default();
    let node = faults.parse_id("/node_id", &body.node_id);
    let path = faults.parse("/path", &body.path, FolderPath::parse);
    let source = source(&mut faults, &target, body);
    match (node, path) {
        (Some(node), Some(path)) if faults.is_empty() => Ok(ChangeMountsCommand {
            target,
            node,
            path,
            source,
        }),
        _ => Err(faults.into_problem()),
    }
}

fn source(
    faults: &mut FieldFaults,
    target: &EnvironmentTarget,
    body: &AddBody,
) -> Option<MountSource> {
    let environment_id = match &body.source_environment_id {
        None => Some(target.environment_id),
        Some(id) => faults.parse_id("/source_environment_id", id),
    };
    let node = faults.parse_id("/source_node_id", &body.source_node_id);
    let path = faults.parse("/source_path", &body.source_path, FolderPath::parse);
    let name = faults.parse_optional("/name", body.name.as_deref(), MountName::parse);
    Some(MountSource {
        environment_id: environment_id?,
        node: node?,
        path: path?,
        name,
        is_read_only: body.is_read_only,
    })
}

/// Stop sharing a folder
///
/// Answers at once with the job that removes it from the node. What the folder holds stays where it
/// is.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/environments/{environment_id}/mount-points/actions/remove",
    operation_id = "remove_mount_point", tag = "nodes",
    params(Target),
    request_body(content = RemoveBody, description = "Where it appears."),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("mount.manage"))),
)]
async fn remove_mount_point(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    JsonBody(body): JsonBody<RemoveBody>,
) -> Result<Accepted, Problem> {
    let mut faults = FieldFaults::default();
    let node = faults.parse_id("/node_id", &body.node_id);
    let path = faults.parse("/path", &body.path, FolderPath::parse);
    let (Some(node), Some(path)) = (node, path) else {
        return Err(faults.into_problem());
    };
    let command = ChangeMountsCommand {
        target,
        node,
        path,
        source: None,
    };
    change(&state, caller, command).await
}

async fn change(
    state: &ApiState,
    caller: Caller,
    command: ChangeMountsCommand,
) -> Result<Accepted, Problem> {
    let use_case = state.use_cases.changes.change_mounts.clone();
    let accepted = state
        .run_mutation(async move { use_case.run(&caller.actor, command).await })
        .await?;
    Ok(accepted.into())
}
