//! Where environments can be created.

use crate::documents::ReadProblems;
use crate::problem::Problem;
use crate::request::{Caller, NoQuery, QueryOf, TeamPath};
use crate::state::ApiState;
use axum::Json;
use axum::extract::State;
use domain::ports::Region;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list_regions))
}

/// Where an environment can be created.
#[derive(Serialize, ToSchema)]
#[schema(as = Region)]
struct RegionView {
    /// What a creation names.
    #[schema(example = "example_north_group")]
    name: String,
    /// What people call it, when the platform says.
    #[schema(example = "Example North")]
    display_name: Option<String>,
    /// The domain below which its environments are reached, when the platform says.
    #[schema(example = "north.example-paas.test")]
    domain: Option<String>,
    /// Whether something can be created there now.
    is_enabled: bool,
}

impl From<Region> for RegionView {
    fn from(region: Region) -> Self {
        Self {
            name: region.name.as_str().to_owned(),
            display_name: region.display_name,
            domain: region.domain,
            is_enabled: region.is_enabled,
        }
    }
}

/// The regions, by name.
#[derive(Serialize, ToSchema)]
#[schema(as = RegionList)]
struct RegionListView {
    /// The regions; all of them.
    data: Vec<RegionView>,
}

/// List the regions
///
/// Where the team's platform account may create environments. Asked of the platform while you wait, at most ten
/// seconds; an answer may be a minute old.
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/regions", operation_id = "list_regions", tag = "platform account",
    params(("team_id" = String, Path, description = "The team.")),
    responses(
        (status = 200, description = "The regions.", body = RegionListView),
        (status = 409, description = "The platform cannot be asked, or does not show it.",
            body = crate::problem::ProblemBody, content_type = "application/problem+json"),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("env.view"))),
)]
async fn list_regions(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    _: QueryOf<NoQuery>,
) -> Result<Json<RegionListView>, Problem> {
    let use_case = &state.use_cases.capacity.list_regions;
    let regions = use_case.run(&caller.actor, path.team_id).await?;
    Ok(Json(RegionListView {
        data: regions.into_iter().map(RegionView::from).collect(),
    }))
}
