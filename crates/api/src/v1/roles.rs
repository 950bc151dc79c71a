//! Roles of a team.

use super::created::Created;
use super::page_view::PageView;
use super::permission_slugs::permissions;
use super::team_view::RoleView;
use crate::cursor::Cursors;
use crate::documents::{ReadProblems, VersionProblems, WriteProblems};
use crate::entity_tag::Versioned;
use crate::problem::Problem;
use crate::request::{
    Caller, ExpectedVersion, FieldFaults, JsonBody, NoBody, NoQuery, PageQuery, QueryOf, RolePath,
    TeamPath, pointer_to,
};
use crate::state::ApiState;
use application::roles::RoleContent;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::access::{CustomPermissions, CustomPermissionsError};
use domain::ids::RoleId;
use domain::names::RoleName;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list_roles, create_role))
        .routes(routes!(get_role, put_role, delete_role))
}

/// A custom role.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RolePut)]
struct RoleBody {
    /// Unique in the team.
    #[schema(example = "operations", min_length = 1, max_length = 80)]
    name: String,
    /// What it allows: at least `team.view`, nothing that is the owner's alone, nothing that you do
    /// not have.
    #[schema(example = json!(["team.view", "env.view", "env.restart"]))]
    permissions: Vec<String>,
}

/// A page of roles, the built-in ones first.
#[derive(Serialize, ToSchema)]
#[schema(as = RoleList)]
struct RoleListView {
    /// The roles.
    data: Vec<RoleView>,
    /// Where the next page starts.
    page: PageView,
}

fn content(body: &RoleBody) -> Result<RoleContent, Problem> {
    let mut faults = FieldFaults::default();
    let name = faults.parse("/name", &body.name, RoleName::parse);
    let named = permissions(&mut faults, "/permissions", &body.permissions);
    let custom = CustomPermissions::new(named);
    let custom = custom.map_err(|error| match error {
        CustomPermissionsError::OwnerOnly(permission) => {
            let slugs = body.permissions.iter();
            for (place, _) in slugs.enumerate().filter(|it| it.1 == permission.as_str()) {
                let pointer = pointer_to("/permissions", &place.to_string());
                faults.add(&pointer, &error.to_string());
            }
        }
        CustomPermissionsError::WithoutTeamView => {
            faults.add("/permissions", &error.to_string());
        }
    });
    match (name, custom) {
        (Some(name), Ok(permissions)) if faults.is_empty() => Ok(RoleContent { name, permissions }),
        _ => Err(faults.into_problem()),
    }
}

/// List roles
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/roles", operation_id = "list_roles", tag = "roles",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("limit" = Option<u32>, Query, description = "Items on a page; more than 200 is lowered to \
            200. 50 when absent.", minimum = 1),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses(
        (status = 200, description = "A page of roles.", body = RoleListView),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("team.view"))),
)]
async fn list_roles(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    QueryOf(query): QueryOf<PageQuery>,
) -> Result<Json<RoleListView>, Problem> {
    let cursors = Cursors {
        hasher: &*state.settings.token_hasher,
        owner: path.team_id,
        list: "roles",
    };
    let page = query.request(&cursors, |id: String| id.parse::<RoleId>().ok())?;
    let use_case = &state.use_cases.teams.list_roles;
    let found = use_case.run(&caller.actor, path.team_id, page).await?;
    let next_cursor = found.next_after.map(|id| cursors.write(&id.to_string()));
    Ok(Json(RoleListView {
        data: found.items.into_iter().map(RoleView::from).collect(),
        page: PageView { next_cursor },
    }))
}

/// Show a role
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/roles/{role_id}", operation_id = "get_role", tag = "roles",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("role_id" = String, Path, description = "The role."),
    ),
    responses((status = 200, description = "The role.", body = RoleView), ReadProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("team.view"))),
)]
async fn get_role(
    State(state): State<ApiState>,
    caller: Caller,
    path: RolePath,
    _: QueryOf<NoQuery>,
) -> Result<Versioned<RoleView>, Problem> {
    let use_case = &state.use_cases.teams.get_role;
    let role = use_case
        .run(&caller.actor, path.team_id, path.role_id)
        .await?;
    Ok(Versioned::of(role.version, role))
}

/// Create a role
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/roles", operation_id = "create_role", tag = "roles",
    params(("team_id" = String, Path, description = "The team.")),
    request_body(content = RoleBody, description = "The role to make."),
    responses(
        (status = 201, description = "The role.", body = RoleView,
            headers(("Location" = String, description = "The role."))),
        WriteProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("role.manage"))),
)]
async fn create_role(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    _: QueryOf<NoQuery>,
    JsonBody(body): JsonBody<RoleBody>,
) -> Result<Created<RoleView>, Problem> {
    let content = content(&body)?;
    let use_case = state.use_cases.teams.create_role.clone();
    let role = state
        .run_mutation(async move { use_case.run(&caller.actor, path.team_id, content).await })
        .await?;
    Ok(Created {
        location: format!("/v1/teams/{}/roles/{}", role.team_id, role.id),
        view: role.into(),
    })
}

/// Change a role
///
/// Holds at once for everybody who has it. You must have everything that the role allows now and will
/// allow.
#[utoipa::path(
    put, path = "/v1/teams/{team_id}/roles/{role_id}", operation_id = "put_role", tag = "roles",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("role_id" = String, Path, description = "The role."),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that it had when you read it: \
            changed only if it still has it."),
    ),
    request_body(content = RoleBody, description = "The whole role."),
    responses((status = 200, description = "The role.", body = RoleView), VersionProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("role.manage"))),
)]
async fn put_role(
    State(state): State<ApiState>,
    caller: Caller,
    path: RolePath,
    _: QueryOf<NoQuery>,
    ExpectedVersion(expected): ExpectedVersion,
    JsonBody(body): JsonBody<RoleBody>,
) -> Result<Versioned<RoleView>, Problem> {
    let content = content(&body)?;
    let use_case = state.use_cases.teams.change_role.clone();
    let role = state
        .run_mutation(async move {
            let (team, role) = (path.team_id, path.role_id);
            use_case
                .run(&caller.actor, team, role, content, expected)
                .await
        })
        .await?;
    Ok(Versioned::of(role.version, role))
}

/// Delete a role
///
/// Refused while members or open invitations have it.
#[utoipa::path(
    delete, path = "/v1/teams/{team_id}/roles/{role_id}", operation_id = "delete_role",
    tag = "roles",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("role_id" = String, Path, description = "The role."),
    ),
    responses((status = 204, description = "It is deleted."), WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("role.manage"))),
)]
async fn delete_role(
    State(state): State<ApiState>,
    caller: Caller,
    path: RolePath,
    _: QueryOf<NoQuery>,
    _: NoBody,
) -> Result<StatusCode, Problem> {
    let use_case = state.use_cases.teams.delete_role.clone();
    state
        .run_mutation(async move {
            let (team, role) = (path.team_id, path.role_id);
            use_case.run(&caller.actor, team, role).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
