//! What can be built.

use crate::documents::ReadProblems;
use crate::problem::Problem;
use crate::request::{Caller, NoQuery, QueryOf, TeamPath};
use crate::state::ApiState;
use application::blueprint::Blueprint;
use axum::Json;
use axum::extract::State;
use domain::ports::LayerSpec;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list_blueprints))
}

/// A layer of a blueprint.
#[derive(Serialize, ToSchema)]
#[schema(as = BlueprintLayer)]
struct LayerView {
    /// The layer.
    #[schema(example = "cp")]
    node_group: String,
    /// Its stack, in the platform's words.
    #[schema(example = "nginxphp")]
    stack: String,
    /// The stack's version; the platform's default when absent.
    version: Option<String>,
    /// Nodes in the layer.
    #[schema(example = 1)]
    count: u16,
    /// Cloudlets that are always each node's own: 128 MiB and 400 MHz each.
    #[schema(example = 1)]
    cloudlets_reserved: u16,
    /// Most cloudlets of each node, the reserved ones included.
    #[schema(example = 8)]
    cloudlets_limit: u16,
    /// Disk of each node in GB; the platform's default when absent.
    disk_limit_gb: Option<u32>,
}

impl From<&LayerSpec> for LayerView {
    fn from(layer: &LayerSpec) -> Self {
        Self {
            node_group: layer.node_group.as_str().to_owned(),
            stack: layer.stack.clone(),
            version: layer.version.clone(),
            count: layer.count,
            cloudlets_reserved: layer.cloudlets_reserved,
            cloudlets_limit: layer.cloudlets_limit,
            disk_limit_gb: layer.disk_limit_gb,
        }
    }
}

/// What an environment can be built from.
#[derive(Serialize, ToSchema)]
#[schema(as = Blueprint)]
struct BlueprintView {
    /// What a creation names.
    #[schema(example = "wordpress")]
    name: String,
    /// The layers that are created.
    layers: Vec<LayerView>,
    /// Whether a package, such as WordPress, is installed in it afterwards.
    installs_package: bool,
}

impl From<&Blueprint> for BlueprintView {
    fn from(blueprint: &Blueprint) -> Self {
        Self {
            name: blueprint.name.as_str().to_owned(),
            layers: blueprint.layers.iter().map(LayerView::from).collect(),
            installs_package: blueprint.package.is_some(),
        }
    }
}

/// The blueprints, by name.
#[derive(Serialize, ToSchema)]
#[schema(as = BlueprintList)]
struct BlueprintListView {
    /// The blueprints; all that the operator configured.
    data: Vec<BlueprintView>,
}

/// List the blueprints
///
/// What environments can be built from. They are the operator's, and the same for every team.
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/blueprints", operation_id = "list_blueprints",
    tag = "environments",
    params(("team_id" = String, Path, description = "The team.")),
    responses(
        (status = 200, description = "The blueprints.", body = BlueprintListView),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("env.view"))),
)]
async fn list_blueprints(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    _: QueryOf<NoQuery>,
) -> Result<Json<BlueprintListView>, Problem> {
    let use_case = &state.use_cases.capacity.list_blueprints;
    let blueprints = use_case.run(&caller.actor, path.team_id)?;
    Ok(Json(BlueprintListView {
        data: blueprints.into_iter().map(BlueprintView::from).collect(),
    }))
}
