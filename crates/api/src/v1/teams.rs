//! Teams: list one's own, make one, see, rename and delete it.

use super::created::Created;
use super::page_view::PageView;
use super::shown_secret::ShownSecret;
use super::team_view::{OwnTeamView, TeamView};
use crate::cursor::Cursors;
use crate::documents::{ReadProblems, VersionProblems, WriteProblems};
use crate::entity_tag::Versioned;
use crate::problem::Problem;
use crate::request::{
    Caller, ExpectedVersion, FieldFaults, JsonBody, NoBody, NoQuery, PageQuery, QueryOf,
    SecretField, SignedIn, TeamPath,
};
use crate::state::ApiState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::ids::TeamId;
use domain::names::TeamName;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list_teams, create_team))
        .routes(routes!(get_team, update_team, delete_team))
        .routes(routes!(request_team_deletion))
}

/// The name of a team.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TeamPatch)]
struct NameBody {
    /// What people see; need not be unique.
    #[schema(example = "Example team", min_length = 1, max_length = 80)]
    name: String,
}

/// The confirmation of a deletion.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TeamDeletion)]
struct DeletionBody {
    /// What the first step told.
    #[schema(value_type = String, format = Password)]
    confirmation_token: SecretField,
}

/// A page of teams, oldest first.
#[derive(Serialize, ToSchema)]
#[schema(as = OwnTeamList)]
struct OwnTeamListView {
    /// The teams.
    data: Vec<OwnTeamView>,
    /// Where the next page starts.
    page: PageView,
}

/// What the second step of a deletion has to bring. It is told this once.
#[derive(Serialize, ToSchema)]
#[schema(as = RequestedTeamDeletion)]
struct RequestedDeletionView {
    /// The token.
    #[schema(value_type = String)]
    confirmation_token: ShownSecret,
    /// From when on it is refused.
    #[schema(format = DateTime)]
    expires_at: String,
}

fn name(body: &NameBody) -> Result<TeamName, Problem> {
    let mut faults = FieldFaults::default();
    let name = faults.parse("/name", &body.name, TeamName::parse);
    name.ok_or_else(|| faults.into_problem())
}

/// List your teams
///
/// The teams that you are a member of, oldest first, each with your role.
#[utoipa::path(
    get, path = "/v1/teams", operation_id = "list_teams", tag = "teams",
    params(
        ("limit" = Option<u32>, Query, description = "Items on a page; more than 200 is lowered to \
            200. 50 when absent.", minimum = 1),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses(
        (status = 200, description = "A page of teams.", body = OwnTeamListView),
        ReadProblems,
    ),
    security(("browser_session" = [])),
    extensions(("x-required-session" = json!(true))),
)]
async fn list_teams(
    State(state): State<ApiState>,
    signed_in: SignedIn,
    QueryOf(query): QueryOf<PageQuery>,
) -> Result<Json<OwnTeamListView>, Problem> {
    let cursors = Cursors {
        hasher: &*state.settings.token_hasher,
        owner: signed_in.person.user.id,
        list: "teams",
    };
    let page = query.request(&cursors, |id: String| id.parse::<TeamId>().ok())?;
    let use_case = &state.use_cases.teams.list_teams;
    let found = use_case.run(&signed_in.person, page).await?;
    let next_cursor = found.next_after.map(|id| cursors.write(&id.to_string()));
    let data = found.items.into_iter().map(OwnTeamView::from);
    Ok(Json(OwnTeamListView {
        data: data.collect(),
        page: PageView { next_cursor },
    }))
}

/// Create a team
///
/// You become its owner. One person may own 20 teams.
#[utoipa::path(
    post, path = "/v1/teams", operation_id = "create_team", tag = "teams",
    request_body(content = NameBody, description = "The team to make."),
    responses(
        (status = 201, description = "The team.", body = OwnTeamView,
            headers(("Location" = String, description = "The team."))),
        WriteProblems,
    ),
    security(("browser_session" = [])),
    extensions(("x-required-session" = json!(true))),
)]
async fn create_team(
    State(state): State<ApiState>,
    signed_in: SignedIn,
    _: QueryOf<NoQuery>,
    JsonBody(body): JsonBody<NameBody>,
) -> Result<Created<OwnTeamView>, Problem> {
    let name = name(&body)?;
    let use_case = state.use_cases.teams.create_team.clone();
    let made = state
        .run_mutation(async move { use_case.run(&signed_in.person, name).await })
        .await?;
    Ok(Created {
        location: format!("/v1/teams/{}", made.0.id),
        view: made.into(),
    })
}

/// Show a team
#[utoipa::path(
    get, path = "/v1/teams/{team_id}", operation_id = "get_team", tag = "teams",
    params(("team_id" = String, Path, description = "The team.")),
    responses((status = 200, description = "The team.", body = TeamView), ReadProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("team.view"))),
)]
async fn get_team(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    _: QueryOf<NoQuery>,
) -> Result<Versioned<TeamView>, Problem> {
    let use_case = &state.use_cases.teams.get_team;
    let team = use_case.run(&caller.actor, path.team_id).await?;
    Ok(Versioned::of(team.version, team))
}

/// Rename a team
#[utoipa::path(
    patch, path = "/v1/teams/{team_id}", operation_id = "update_team", tag = "teams",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that it had when you read it: \
            changed only if it still has it."),
    ),
    request_body(content = NameBody, description = "The new name."),
    responses((status = 200, description = "The team.", body = TeamView), VersionProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("team.update"))),
)]
async fn update_team(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    _: QueryOf<NoQuery>,
    ExpectedVersion(expected): ExpectedVersion,
    JsonBody(body): JsonBody<NameBody>,
) -> Result<Versioned<TeamView>, Problem> {
    let name = name(&body)?;
    let use_case = state.use_cases.teams.rename_team.clone();
    let team = state
        .run_mutation(async move {
            use_case
                .run(&caller.actor, path.team_id, name, expected)
                .await
        })
        .await?;
    Ok(Versioned::of(team.version, team))
}

/// Ask for the deletion of a team
///
/// The first of two steps: it tells the token that the second one has to bring within ten minutes.
/// Needs a browser session in which you proved who you are within the last five minutes.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/actions/request-deletion",
    operation_id = "request_team_deletion", tag = "teams",
    params(("team_id" = String, Path, description = "The team.")),
    responses(
        (status = 200, description = "What the second step has to bring.",
            body = RequestedDeletionView),
        WriteProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("team.delete"))),
)]
async fn request_team_deletion(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    _: QueryOf<NoQuery>,
    _: NoBody,
) -> Result<Json<RequestedDeletionView>, Problem> {
    let use_case = state.use_cases.teams.request_team_deletion.clone();
    let requested = state
        .run_mutation(async move { use_case.run(&caller.actor, path.team_id).await })
        .await?;
    Ok(Json(RequestedDeletionView {
        confirmation_token: ShownSecret(requested.confirmation_token),
        expires_at: requested.expires_at.to_string(),
    }))
}

/// Delete a team
///
/// The second of two steps, for good: the team's key is destroyed, and with it every secret in custody.
/// What was built on the platform stays there. Refused while a job of the team is not at rest.
#[utoipa::path(
    delete, path = "/v1/teams/{team_id}", operation_id = "delete_team", tag = "teams",
    params(("team_id" = String, Path, description = "The team.")),
    request_body(content = DeletionBody, description = "The token of the first step."),
    responses((status = 204, description = "It is deleted."), WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("team.delete"))),
)]
async fn delete_team(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    _: QueryOf<NoQuery>,
    JsonBody(body): JsonBody<DeletionBody>,
) -> Result<StatusCode, Problem> {
    let token = body.confirmation_token.0;
    let use_case = state.use_cases.teams.delete_team.clone();
    state
        .run_mutation(async move { use_case.run(&caller.actor, path.team_id, &token).await })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
