//! Layers, nodes and their sizes.

use super::accepted::Accepted;
use crate::documents::WriteProblems;
use crate::problem::Problem;
use crate::request::{Caller, FieldFaults, JsonBody, NodePath, Target};
use crate::state::ApiState;
use application::environments::{ChangeTopologyCommand, SetCloudletsCommand};
use axum::extract::State;
use domain::names::{NodeGroup, StackName, StackVersion};
use domain::ports::{Cloudlets, LayerSpec};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(put_topology))
        .routes(routes!(put_cloudlets))
}

/// The layers that the environment shall have.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TopologyPut)]
struct TopologyBody {
    /// All layers. One that is left out is removed with its data.
    #[schema(min_items = 1)]
    layers: Vec<LayerBody>,
}

/// One layer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Layer)]
struct LayerBody {
    /// Its name.
    #[schema(example = "cp", min_length = 1, max_length = 64)]
    node_group: String,
    /// The stack, in the platform's words.
    #[schema(example = "nginxphp", min_length = 1, max_length = 64)]
    stack: String,
    /// The stack's version; the platform's default when absent.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 128)]
    version: Option<String>,
    /// Nodes in the layer.
    #[schema(example = 1, minimum = 1, maximum = 65535)]
    count: u16,
    /// Cloudlets that are always each node's own: 128 MiB and 400 MHz each.
    #[schema(example = 1, maximum = 65535)]
    cloudlets_reserved: u16,
    /// Most cloudlets of each node, the reserved ones included.
    #[schema(example = 8, minimum = 1, maximum = 65535)]
    cloudlets_limit: u16,
    /// Disk of each node in GB; the platform's default when absent.
    #[serde(default)]
    #[schema(minimum = 1)]
    disk_limit_gb: Option<u32>,
}

/// The size of a node.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CloudletsPut)]
struct CloudletsBody {
    /// Cloudlets that are always its own: 128 MiB and 400 MHz each.
    #[schema(example = 1, maximum = 65535)]
    reserved: u16,
    /// Most cloudlets it may use, the reserved ones included.
    #[schema(example = 8, minimum = 1, maximum = 65535)]
    limit: u16,
}

/// Change the layers
///
/// Answers at once with the job that gives the environment exactly these layers. Layers that are left
/// out are removed with their data, and nodes may be made anew under other ids.
#[utoipa::path(
    put, path = "/v1/teams/{team_id}/environments/{environment_id}/topology",
    operation_id = "put_topology", tag = "nodes",
    params(Target),
    request_body(content = TopologyBody, description = "All layers."),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("topology.manage"))),
)]
async fn put_topology(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    JsonBody(body): JsonBody<TopologyBody>,
) -> Result<Accepted, Problem> {
    let command = ChangeTopologyCommand {
        target,
        layers: layers(&body)?,
    };
    let use_case = state.use_cases.changes.change_topology.clone();
    let accepted = state
        .run_mutation(async move { use_case.run(&caller.actor, command).await })
        .await?;
    Ok(accepted.into())
}

fn layers(body: &TopologyBody) -> Result<Vec<LayerSpec>, Problem> {
    let mut faults = FieldFaults::default();
    let layers: Vec<_> = body
        .layers
        .iter()
        .enumerate()
        .filter_map(|(index, layer)| parse_layer(&mut faults, &format!("/layers/{index}"), layer))
        .collect();
    if faults.is_empty() {
        Ok(layers)
    } else {
        Err(faults.into_problem())
    }
}

fn parse_layer(faults: &mut FieldFaults, at: &str, layer: &LayerBody) -> Option<LayerSpec> {
    let group = faults.parse(
        &format!("{at}/node_group"),
        &layer.node_group,
        NodeGroup::parse,
    );
    let stack = faults.parse(&format!("{at}/stack"), &layer.stack, StackName::parse);
    let version = layer.version.as_deref();
    let version = faults.parse_optional(&format!("{at}/version"), version, StackVersion::parse);
    Some(LayerSpec {
        node_group: group?,
        stack: stack?.to_string(),
        version: version.map(|version| version.to_string()),
        count: layer.count,
        cloudlets_reserved: layer.cloudlets_reserved,
        cloudlets_limit: layer.cloudlets_limit,
        disk_limit_gb: layer.disk_limit_gb,
    })
}

/// Set the size of a node
///
/// Answers at once with the job that sets it. A node of that size stays as it is.
#[utoipa::path(
    put,
    path = "/v1/teams/{team_id}/environments/{environment_id}/nodes/{node_id}/cloudlets",
    operation_id = "put_cloudlets", tag = "nodes",
    params(Target, ("node_id" = String, Path, description = "The node.")),
    request_body(content = CloudletsBody, description = "The size."),
    responses(Accepted, WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("topology.manage"))),
)]
async fn put_cloudlets(
    State(state): State<ApiState>,
    caller: Caller,
    Target(target): Target,
    NodePath(node): NodePath,
    JsonBody(body): JsonBody<CloudletsBody>,
) -> Result<Accepted, Problem> {
    let command = SetCloudletsCommand {
        target,
        node,
        cloudlets: Cloudlets {
            reserved: body.reserved,
            limit: body.limit,
        },
    };
    let use_case = state.use_cases.changes.set_cloudlets.clone();
    let accepted = state
        .run_mutation(async move { use_case.run(&caller.actor, command).await })
        .await?;
    Ok(accepted.into())
}
