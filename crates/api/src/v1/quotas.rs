//! How much the platform lets a team's account have.

use crate::documents::ReadProblems;
use crate::problem::Problem;
use crate::request::{Caller, NoQuery, QueryOf, TeamPath};
use crate::state::ApiState;
use axum::Json;
use axum::extract::State;
use domain::ports::Quota;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list_quotas))
}

/// A quota of the team's platform account.
#[derive(Serialize, ToSchema)]
#[schema(as = Quota)]
struct QuotaView {
    /// Its name, in the platform's words.
    #[schema(example = "environment.maxcount")]
    name: String,
    /// Its value, as the platform tells it; a number for most.
    #[schema(example = "10")]
    value: String,
}

impl From<Quota> for QuotaView {
    fn from(quota: Quota) -> Self {
        Self {
            name: quota.name,
            value: quota.value,
        }
    }
}

/// The quotas, by name.
#[derive(Serialize, ToSchema)]
#[schema(as = QuotaList)]
struct QuotaListView {
    /// The quotas that bound environments, nodes and addresses; those that the platform knows.
    data: Vec<QuotaView>,
}

/// List the quotas
///
/// How many environments, nodes and addresses the platform lets the team's account have. Asked of the platform while
/// you wait, at most ten seconds; an answer may be a minute old.
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/quotas", operation_id = "list_quotas", tag = "platform account",
    params(("team_id" = String, Path, description = "The team.")),
    responses(
        (status = 200, description = "The quotas.", body = QuotaListView),
        (status = 409, description = "The platform cannot be asked, or does not show it.",
            body = crate::problem::ProblemBody, content_type = "application/problem+json"),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("env.view"))),
)]
async fn list_quotas(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    _: QueryOf<NoQuery>,
) -> Result<Json<QuotaListView>, Problem> {
    let use_case = &state.use_cases.capacity.read_quotas;
    let quotas = use_case.run(&caller.actor, path.team_id).await?;
    Ok(Json(QuotaListView {
        data: quotas.into_iter().map(QuotaView::from).collect(),
    }))
}
