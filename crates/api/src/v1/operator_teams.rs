//! All teams, for those who run the service. Everything here is written into the trail of the team.

use super::page_view::PageView;
use super::team_view::TeamView;
use crate::cursor::Cursors;
use crate::documents::{ReadProblems, WriteProblems};
use crate::problem::Problem;
use crate::request::{
    FieldFaults, JsonBody, NoQuery, OperatorSession, PageQuery, QueryOf, TeamPath,
};
use crate::state::ApiState;
use axum::Json;
use axum::extract::State;
use domain::ids::TeamId;
use domain::names::SuspensionReason;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list_all_teams))
        .routes(routes!(get_any_team))
        .routes(routes!(suspend_team))
        .routes(routes!(resume_team))
}

/// Why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Suspension)]
struct ReasonBody {
    /// What the team reads in its audit trail.
    #[serde(default)]
    #[schema(example = "the invoice was not paid", min_length = 1, max_length = 80)]
    reason: Option<String>,
}

/// A page of teams, oldest first.
#[derive(Serialize, ToSchema)]
#[schema(as = TeamList)]
struct TeamListView {
    /// The teams.
    data: Vec<TeamView>,
    /// Where the next page starts.
    page: PageView,
}

fn reason(body: &ReasonBody) -> Result<Option<SuspensionReason>, Problem> {
    let mut faults = FieldFaults::default();
    let text = body.reason.as_deref();
    let reason = faults.parse_optional("/reason", text, SuspensionReason::parse);
    if faults.is_empty() {
        Ok(reason)
    } else {
        Err(faults.into_problem())
    }
}

/// List all teams
#[utoipa::path(
    get, path = "/v1/operator/teams", operation_id = "list_all_teams", tag = "operators",
    params(
        ("limit" = Option<u32>, Query, description = "Items on a page; more than 200 is lowered to \
            200. 50 when absent.", minimum = 1),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page of teams.", body = TeamListView), ReadProblems),
    security(("browser_session" = [])),
    extensions(("x-required-operator" = json!(true))),
)]
async fn list_all_teams(
    State(state): State<ApiState>,
    operator: OperatorSession,
    QueryOf(query): QueryOf<PageQuery>,
) -> Result<Json<TeamListView>, Problem> {
    let cursors = Cursors {
        hasher: &*state.settings.token_hasher,
        owner: operator.person.user.id,
        list: "operator/teams",
    };
    let page = query.request(&cursors, |id: String| id.parse::<TeamId>().ok())?;
    let use_case = &state.use_cases.teams.list_all_teams;
    let found = use_case.run(&operator.person, page).await?;
    let next_cursor = found.next_after.map(|id| cursors.write(&id.to_string()));
    Ok(Json(TeamListView {
        data: found.items.into_iter().map(TeamView::from).collect(),
        page: PageView { next_cursor },
    }))
}

/// Show any team
#[utoipa::path(
    get, path = "/v1/operator/teams/{team_id}", operation_id = "get_any_team", tag = "operators",
    params(("team_id" = String, Path, description = "The team.")),
    responses((status = 200, description = "The team.", body = TeamView), ReadProblems),
    security(("browser_session" = [])),
    extensions(("x-required-operator" = json!(true))),
)]
async fn get_any_team(
    State(state): State<ApiState>,
    operator: OperatorSession,
    path: TeamPath,
    _: QueryOf<NoQuery>,
) -> Result<Json<TeamView>, Problem> {
    let use_case = &state.use_cases.teams.get_any_team;
    let team = use_case.run(&operator.person, path.team_id).await?;
    Ok(Json(team.into()))
}

/// Suspend a team
///
/// From now on it can be looked at and nothing else; no step of a job starts. Doing it again changes
/// nothing.
#[utoipa::path(
    post, path = "/v1/operator/teams/{team_id}/actions/suspend", operation_id = "suspend_team",
    tag = "operators",
    params(("team_id" = String, Path, description = "The team.")),
    request_body(content = ReasonBody, description = "Why; may be empty."),
    responses((status = 200, description = "The team.", body = TeamView), WriteProblems),
    security(("browser_session" = [])),
    extensions(("x-required-operator" = json!(true))),
)]
async fn suspend_team(
    State(state): State<ApiState>,
    operator: OperatorSession,
    path: TeamPath,
    _: QueryOf<NoQuery>,
    JsonBody(body): JsonBody<ReasonBody>,
) -> Result<Json<TeamView>, Problem> {
    let reason = reason(&body)?;
    let use_case = state.use_cases.teams.suspend_team.clone();
    let team = state
        .run_mutation(async move { use_case.run(&operator.person, path.team_id, reason).await })
        .await?;
    Ok(Json(team.into()))
}

/// End the suspension of a team
#[utoipa::path(
    post, path = "/v1/operator/teams/{team_id}/actions/resume", operation_id = "resume_team",
    tag = "operators",
    params(("team_id" = String, Path, description = "The team.")),
    request_body(content = ReasonBody, description = "Why; may be empty."),
    responses((status = 200, description = "The team.", body = TeamView), WriteProblems),
    security(("browser_session" = [])),
    extensions(("x-required-operator" = json!(true))),
)]
async fn resume_team(
    State(state): State<ApiState>,
    operator: OperatorSession,
    path: TeamPath,
    _: QueryOf<NoQuery>,
    JsonBody(body): JsonBody<ReasonBody>,
) -> Result<Json<TeamView>, Problem> {
    let reason = reason(&body)?;
    let use_case = state.use_cases.teams.resume_team.clone();
    let team = state
        .run_mutation(async move { use_case.run(&operator.person, path.team_id, reason).await })
        .await?;
    Ok(Json(team.into()))
}
