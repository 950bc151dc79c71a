//! The members of a team: see them, give them roles, remove them, leave.

use super::page_view::PageView;
use super::team_view::RoleNameView;
use crate::cursor::Cursors;
use crate::documents::{ReadProblems, WriteProblems};
use crate::problem::Problem;
use crate::request::{
    Caller, FieldFaults, JsonBody, MemberPath, NoBody, NoQuery, PageQuery, QueryOf, TeamPath,
};
use crate::state::ApiState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::access::{Actor, Permission};
use domain::ids::{RoleId, UserId};
use domain::team::Member;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list_members))
        .routes(routes!(get_member, remove_member))
        .routes(routes!(put_member_role))
        .routes(routes!(leave_team))
}

/// The role that a member gets.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MemberRolePut)]
struct RoleBody {
    /// A role of the team, not the owner's.
    #[schema(example = "role_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    role_id: String,
}

/// A member.
#[derive(Serialize, ToSchema)]
#[schema(as = Member)]
pub(super) struct MemberView {
    /// The person.
    #[schema(example = "user_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    user_id: String,
    /// Their name.
    #[schema(example = "Anna")]
    name: String,
    /// Their address.
    #[schema(example = "anna@example.com")]
    email: String,
    /// Their role.
    role: RoleNameView,
    /// Since when.
    #[schema(format = DateTime)]
    joined_at: String,
    /// Whether they have confirmed a second factor; only for who manages members.
    #[serde(skip_serializing_if = "Option::is_none")]
    has_second_factor: Option<bool>,
}

impl MemberView {
    fn new(member: &Member, seen_by: &Actor) -> Self {
        let mut view = Self::in_full(member);
        if !seen_by.permissions().contains(Permission::MemberManage) {
            view.has_second_factor = None;
        }
        view
    }

    /// As who manages members sees them.
    pub(super) fn in_full(member: &Member) -> Self {
        Self {
            user_id: member.user_id.to_string(),
            name: member.name.to_string(),
            email: member.email.to_string(),
            role: (&member.role).into(),
            joined_at: member.joined_at.to_string(),
            has_second_factor: Some(member.has_second_factor),
        }
    }
}

/// A page of members.
#[derive(Serialize, ToSchema)]
#[schema(as = MemberList)]
struct MemberListView {
    /// The members.
    data: Vec<MemberView>,
    /// Where the next page starts.
    page: PageView,
}

/// List members
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/members", operation_id = "list_members", tag = "members",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("limit" = Option<u32>, Query, description = "Items on a page; more than 200 is lowered to \
            200. 50 when absent.", minimum = 1),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses(
        (status = 200, description = "A page of members.", body = MemberListView),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("team.view"))),
)]
async fn list_members(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    QueryOf(query): QueryOf<PageQuery>,
) -> Result<Json<MemberListView>, Problem> {
    let cursors = Cursors {
        hasher: &*state.settings.token_hasher,
        owner: path.team_id,
        list: "members",
    };
    let page = query.request(&cursors, |id: String| id.parse::<UserId>().ok())?;
    let use_case = &state.use_cases.teams.list_members;
    let found = use_case.run(&caller.actor, path.team_id, page).await?;
    let next_cursor = found.next_after.map(|id| cursors.write(&id.to_string()));
    let members = found.items.iter();
    Ok(Json(MemberListView {
        data: members
            .map(|member| MemberView::new(member, &caller.actor))
            .collect(),
        page: PageView { next_cursor },
    }))
}

/// Show a member
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/members/{user_id}", operation_id = "get_member",
    tag = "members",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("user_id" = String, Path, description = "The person."),
    ),
    responses((status = 200, description = "The member.", body = MemberView), ReadProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("team.view"))),
)]
async fn get_member(
    State(state): State<ApiState>,
    caller: Caller,
    path: MemberPath,
    _: QueryOf<NoQuery>,
) -> Result<Json<MemberView>, Problem> {
    let use_case = &state.use_cases.teams.get_member;
    let member = use_case
        .run(&caller.actor, path.team_id, path.user_id)
        .await?;
    Ok(Json(MemberView::new(&member, &caller.actor)))
}

/// Give a member a role
///
/// Holds at once, for requests and running jobs. You must have everything that the member's present
/// and new role allow. The owner's role is passed on by an offer of ownership only.
#[utoipa::path(
    put, path = "/v1/teams/{team_id}/members/{user_id}/role", operation_id = "put_member_role",
    tag = "members",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("user_id" = String, Path, description = "The person."),
    ),
    request_body(content = RoleBody, description = "The role."),
    responses((status = 204, description = "The member has the role."), WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("member.manage"))),
)]
async fn put_member_role(
    State(state): State<ApiState>,
    caller: Caller,
    path: MemberPath,
    _: QueryOf<NoQuery>,
    JsonBody(body): JsonBody<RoleBody>,
) -> Result<StatusCode, Problem> {
    let mut faults = FieldFaults::default();
    let role: Option<RoleId> = faults.parse_id("/role_id", &body.role_id);
    let role = role.ok_or_else(|| faults.into_problem())?;
    let use_case = state.use_cases.teams.change_member_role.clone();
    state
        .run_mutation(async move {
            let (team, user) = (path.team_id, path.user_id);
            use_case.run(&caller.actor, team, user, role).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove a member
///
/// Holds at once; the API tokens that the member made in the team are revoked with it. You must have
/// everything that the member's role allows.
#[utoipa::path(
    delete, path = "/v1/teams/{team_id}/members/{user_id}", operation_id = "remove_member",
    tag = "members",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("user_id" = String, Path, description = "The person."),
    ),
    responses((status = 204, description = "They are no member any more."), WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("member.manage"))),
)]
async fn remove_member(
    State(state): State<ApiState>,
    caller: Caller,
    path: MemberPath,
    _: QueryOf<NoQuery>,
    _: NoBody,
) -> Result<StatusCode, Problem> {
    let use_case = state.use_cases.teams.remove_member.clone();
    state
        .run_mutation(async move {
            let (team, user) = (path.team_id, path.user_id);
            use_case.run(&caller.actor, team, user).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Leave a team
///
/// Every member but the owner can, in a browser. The API tokens that you made in the team are revoked
/// with it.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/actions/leave", operation_id = "leave_team", tag = "members",
    params(("team_id" = String, Path, description = "The team.")),
    responses((status = 204, description = "You are no member any more."), WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("team.view"))),
)]
async fn leave_team(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    _: QueryOf<NoQuery>,
    _: NoBody,
) -> Result<StatusCode, Problem> {
    let use_case = state.use_cases.teams.leave_team.clone();
    state
        .run_mutation(async move { use_case.run(&caller.actor, path.team_id).await })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
