//! Pauses of teams and platforms, for those who run the service.

use crate::documents::{ReadProblems, WriteProblems};
use crate::problem::Problem;
use crate::request::{
    FieldFaults, JsonBody, NoBody, NoQuery, OperatorSession, PlatformPath, QueryOf, TeamPath,
};
use crate::state::ApiState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::names::PauseReason;
use domain::pause::{MutationPause, PauseScope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list_pauses))
        .routes(routes!(pause_team))
        .routes(routes!(end_pause_of_team))
        .routes(routes!(pause_platform))
        .routes(routes!(end_pause_of_platform))
}

/// Why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPause)]
struct PauseBody {
    /// What teams read in the log of their jobs.
    #[schema(
        example = "the platform is being maintained",
        min_length = 1,
        max_length = 80
    )]
    reason: String,
}

/// A pause that lasts.
#[derive(Serialize, ToSchema)]
#[schema(as = Pause)]
struct PauseView {
    /// `team` or `platform`.
    #[schema(example = "platform")]
    scope: &'static str,
    /// The team's id or the platform's name.
    #[schema(example = "main")]
    of: String,
    /// Why.
    reason: String,
    /// Who paused it.
    paused_by: String,
    /// Since when.
    #[schema(format = DateTime)]
    paused_at: String,
}

/// The pauses that last, oldest first.
#[derive(Serialize, ToSchema)]
#[schema(as = PauseList)]
struct PauseListView {
    /// The pauses.
    data: Vec<PauseView>,
}

impl From<MutationPause> for PauseView {
    fn from(pause: MutationPause) -> Self {
        Self {
            scope: pause.scope.kind(),
            of: pause.scope.id(),
            reason: pause.reason.as_str().to_owned(),
            paused_by: pause.paused_by.as_text(),
            paused_at: pause.paused_at.to_string(),
        }
    }
}

async fn pause(
    state: ApiState,
    operator: OperatorSession,
    scope: PauseScope,
    body: &PauseBody,
) -> Result<Json<PauseView>, Problem> {
    let mut faults = FieldFaults::default();
    let reason = faults.parse("/reason", &body.reason, PauseReason::parse);
    let Some(reason) = reason else {
        return Err(faults.into_problem());
    };
    let use_case = state.use_cases.teams.pause_changes.clone();
    let pause = state
        .run_mutation(async move { use_case.run(&operator.person, scope, reason).await })
        .await?;
    Ok(Json(pause.into()))
}

async fn end(
    state: ApiState,
    operator: OperatorSession,
    scope: PauseScope,
) -> Result<StatusCode, Problem> {
    let use_case = state.use_cases.teams.end_pause.clone();
    state
        .run_mutation(async move { use_case.run(&operator.person, scope).await })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List pauses
#[utoipa::path(
    get, path = "/v1/operator/pauses", operation_id = "list_pauses", tag = "operators",
    responses((status = 200, description = "The pauses that last.", body = PauseListView), ReadProblems),
    security(("browser_session" = [])),
    extensions(("x-required-operator" = json!(true))),
)]
async fn list_pauses(
    State(state): State<ApiState>,
    operator: OperatorSession,
    _: QueryOf<NoQuery>,
) -> Result<Json<PauseListView>, Problem> {
    let found = state
        .use_cases
        .teams
        .list_pauses
        .run(&operator.person)
        .await?;
    let data = found.into_iter().map(PauseView::from).collect();
    Ok(Json(PauseListView { data }))
}

/// Pause changes of a team
///
/// From now on no step of its jobs begins that goes forward. Requests are still accepted; their jobs wait
/// and go on by themselves when the pause has ended. What is being taken back is taken back.
#[utoipa::path(
    post, path = "/v1/operator/teams/{team_id}/actions/pause", operation_id = "pause_team",
    tag = "operators",
    params(("team_id" = String, Path, description = "The team.")),
    request_body(content = PauseBody, description = "Why."),
    responses((status = 200, description = "The pause.", body = PauseView), WriteProblems),
    security(("browser_session" = [])),
    extensions(("x-required-operator" = json!(true))),
)]
async fn pause_team(
    State(state): State<ApiState>,
    operator: OperatorSession,
    path: TeamPath,
    _: QueryOf<NoQuery>,
    JsonBody(body): JsonBody<PauseBody>,
) -> Result<Json<PauseView>, Problem> {
    pause(state, operator, PauseScope::Team(path.team_id), &body).await
}

/// End the pause of a team
#[utoipa::path(
    post, path = "/v1/operator/teams/{team_id}/actions/end-pause",
    operation_id = "end_pause_of_team", tag = "operators",
    params(("team_id" = String, Path, description = "The team.")),
    responses((status = 204, description = "Jobs go on."), WriteProblems),
    security(("browser_session" = [])),
    extensions(("x-required-operator" = json!(true))),
)]
async fn end_pause_of_team(
    State(state): State<ApiState>,
    operator: OperatorSession,
    path: TeamPath,
    _: QueryOf<NoQuery>,
    _: NoBody,
) -> Result<StatusCode, Problem> {
    end(state, operator, PauseScope::Team(path.team_id)).await
}

/// Pause changes on a platform
///
/// As for a team, for every team whose account is on the platform.
#[utoipa::path(
    post, path = "/v1/operator/platforms/{platform}/actions/pause", operation_id = "pause_platform",
    tag = "operators",
    params(("platform" = String, Path, description = "The platform, by its configured name.")),
    request_body(content = PauseBody, description = "Why."),
    responses((status = 200, description = "The pause.", body = PauseView), WriteProblems),
    security(("browser_session" = [])),
    extensions(("x-required-operator" = json!(true))),
)]
async fn pause_platform(
    State(state): State<ApiState>,
    operator: OperatorSession,
    path: PlatformPath,
    _: QueryOf<NoQuery>,
    JsonBody(body): JsonBody<PauseBody>,
) -> Result<Json<PauseView>, Problem> {
    pause(state, operator, PauseScope::Platform(path.0), &body).await
}

/// End the pause of a platform
#[utoipa::path(
    post, path = "/v1/operator/platforms/{platform}/actions/end-pause",
    operation_id = "end_pause_of_platform", tag = "operators",
    params(("platform" = String, Path, description = "The platform, by its configured name.")),
    responses((status = 204, description = "Jobs go on."), WriteProblems),
    security(("browser_session" = [])),
    extensions(("x-required-operator" = json!(true))),
)]
async fn end_pause_of_platform(
    State(state): State<ApiState>,
    operator: OperatorSession,
    path: PlatformPath,
    _: QueryOf<NoQuery>,
    _: NoBody,
) -> Result<StatusCode, Problem> {
    end(state, operator, PauseScope::Platform(path.0)).await
}
