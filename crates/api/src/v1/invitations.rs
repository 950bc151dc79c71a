//! Invitations: make, list, revoke and accept them.

use super::created::Created;
use super::page_view::PageView;
use super::team_view::OwnTeamView;
use crate::cursor::Cursors;
use crate::documents::{ReadProblems, WriteProblems};
use crate::problem::Problem;
use crate::request::{
    Caller, FieldFaults, InvitationPath, JsonBody, NoBody, NoQuery, PageQuery, QueryOf,
    SecretField, SignedIn, TeamPath,
};
use crate::state::ApiState;
use application::invitations::InviteCommand;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::ids::{InvitationId, TeamId};
use domain::names::EmailAddress;
use domain::team::Invitation;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list_invitations, create_invitation))
        .routes(routes!(revoke_invitation))
        .routes(routes!(accept_invitation))
}

/// Whom to invite.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InvitationCreate)]
struct CreateBody {
    /// The address that the invitation is sent to.
    #[schema(example = "anna@example.com", max_length = 254)]
    email: String,
    /// A role of the team that allows nothing that you may not do.
    #[schema(example = "role_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    role_id: String,
}

/// The token of the mail.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InvitationAcceptance)]
struct AcceptBody {
    /// What stands in the link.
    #[schema(value_type = String, format = Password)]
    token: SecretField,
}

/// An invitation. Its token is in the mail only.
#[derive(Serialize, ToSchema)]
#[schema(as = Invitation)]
pub(super) struct InvitationView {
    /// The invitation.
    #[schema(example = "inv_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    id: String,
    /// Whom it is for.
    #[schema(example = "anna@example.com")]
    email: String,
    /// The role that comes with it.
    role_id: String,
    /// Who invited.
    invited_by: String,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// From when on it is refused.
    #[schema(format = DateTime)]
    expires_at: String,
}

impl From<Invitation> for InvitationView {
    fn from(invitation: Invitation) -> Self {
        Self {
            id: invitation.id.to_string(),
            email: invitation.email.to_string(),
            role_id: invitation.role_id.to_string(),
            invited_by: invitation.invited_by.to_string(),
            created_at: invitation.created_at.to_string(),
            expires_at: invitation.expires_at.to_string(),
        }
    }
}

/// A page of invitations, oldest first.
#[derive(Serialize, ToSchema)]
#[schema(as = InvitationList)]
struct InvitationListView {
    /// The invitations.
    data: Vec<InvitationView>,
    /// Where the next page starts.
    page: PageView,
}

/// List invitations
///
/// Those that wait: neither accepted nor revoked nor too old.
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/invitations", operation_id = "list_invitations",
    tag = "members",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("limit" = Option<u32>, Query, description = "Items on a page; more than 200 is lowered to \
            200. 50 when absent.", minimum = 1),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses(
        (status = 200, description = "A page of invitations.", body = InvitationListView),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("team.invite"))),
)]
async fn list_invitations(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    QueryOf(query): QueryOf<PageQuery>,
) -> Result<Json<InvitationListView>, Problem> {
    let cursors = Cursors {
        hasher: &*state.settings.token_hasher,
        owner: path.team_id,
        list: "invitations",
    };
    let page = query.request(&cursors, |id: String| id.parse::<InvitationId>().ok())?;
    let use_case = &state.use_cases.teams.list_invitations;
    let found = use_case.run(&caller.actor, path.team_id, page).await?;
    let next_cursor = found.next_after.map(|id| cursors.write(&id.to_string()));
    Ok(Json(InvitationListView {
        data: found.items.into_iter().map(InvitationView::from).collect(),
        page: PageView { next_cursor },
    }))
}

/// Invite somebody
///
/// Sends a mail with a link that is good once, for seven days, and for a person with this address
/// only. An earlier invitation to the address is replaced.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/invitations", operation_id = "create_invitation",
    tag = "members",
    params(("team_id" = String, Path, description = "The team.")),
    request_body(content = CreateBody, description = "Whom to invite."),
    responses(
        (status = 201, description = "The invitation.", body = InvitationView,
            headers(("Location" = String, description = "The invitation."))),
        WriteProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("team.invite"))),
)]
async fn create_invitation(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    _: QueryOf<NoQuery>,
    JsonBody(body): JsonBody<CreateBody>,
) -> Result<Created<InvitationView>, Problem> {
    let command = command(path.team_id, &body)?;
    let use_case = state.use_cases.teams.invite_person.clone();
    let invitation = state
        .run_mutation(async move { use_case.run(&caller.actor, command).await })
        .await?;
    let (team, id) = (invitation.team_id, invitation.id);
    Ok(Created {
        location: format!("/v1/teams/{team}/invitations/{id}"),
        view: invitation.into(),
    })
}

fn command(team_id: TeamId, body: &CreateBody) -> Result<InviteCommand, Problem> {
    let mut faults = FieldFaults::default();
    let email = faults.parse("/email", &body.email, EmailAddress::parse);
    let role = faults.parse_id("/role_id", &body.role_id);
    match (email, role) {
        (Some(email), Some(role_id)) => Ok(InviteCommand {
            team_id,
            email,
            role_id,
        }),
        _ => Err(faults.into_problem()),
    }
}

/// Revoke an invitation
#[utoipa::path(
    delete, path = "/v1/teams/{team_id}/invitations/{invitation_id}",
    operation_id = "revoke_invitation", tag = "members",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("invitation_id" = String, Path, description = "The invitation."),
    ),
    responses((status = 204, description = "Its link is worthless."), WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("team.invite"))),
)]
async fn revoke_invitation(
    State(state): State<ApiState>,
    caller: Caller,
    path: InvitationPath,
    _: QueryOf<NoQuery>,
    _: NoBody,
) -> Result<StatusCode, Problem> {
    let use_case = state.use_cases.teams.revoke_invitation.clone();
    state
        .run_mutation(async move {
            let (team, invitation) = (path.team_id, path.invitation_id);
            use_case.run(&caller.actor, team, invitation).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Accept an invitation
///
/// You join the team with the role of the invitation, when it was sent to your address and who invited
/// you could still give you that role.
#[utoipa::path(
    post, path = "/v1/invitations/actions/accept", operation_id = "accept_invitation",
    tag = "members",
    request_body(content = AcceptBody, description = "The token of the mail."),
    responses(
        (status = 200, description = "The team, and your role.", body = OwnTeamView),
        WriteProblems,
    ),
    security(("browser_session" = [])),
    extensions(("x-required-session" = json!(true))),
)]
async fn accept_invitation(
    State(state): State<ApiState>,
    signed_in: SignedIn,
    _: QueryOf<NoQuery>,
    JsonBody(body): JsonBody<AcceptBody>,
) -> Result<Json<OwnTeamView>, Problem> {
    let token = body.token.0;
    let use_case = state.use_cases.teams.accept_invitation.clone();
    let joined = state
        .run_mutation(async move { use_case.run(&signed_in.person, &token).await })
        .await?;
    Ok(Json(joined.into()))
}
