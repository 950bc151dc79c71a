//! API tokens of a team.

use super::created::Created;
use super::page_view::PageView;
use super::permission_slugs::permissions;
use super::shown_secret::ShownSecret;
use crate::cursor::Cursors;
use crate::documents::{ReadProblems, WriteProblems};
use crate::problem::Problem;
use crate::request::{
    ApiTokenPath, Caller, FieldFaults, JsonBody, NoBody, NoQuery, PageQuery, QueryOf, TeamPath,
    pointer_to,
};
use crate::state::ApiState;
use application::api_tokens::{CreateApiTokenCommand, NewApiToken};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::access::Permission;
use domain::api_token::{ApiToken, Network};
use domain::ids::{ApiTokenId, TeamId};
use domain::names::TokenLabel;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list_api_tokens, create_api_token))
        .routes(routes!(get_api_token, revoke_api_token))
}

/// The token to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApiTokenCreate)]
struct CreateBody {
    /// What people call it.
    #[schema(example = "deployment", min_length = 1, max_length = 80)]
    label: String,
    /// What it may do, in permissions that you have. It never may more than your role allows.
    #[schema(example = json!(["env.view", "env.restart"]))]
    scopes: Vec<String>,
    /// From when on it is refused: in the future, at most 366 days from now.
    #[schema(format = DateTime, example = "2027-01-01T00:00:00Z")]
    expires_at: String,
    /// Addresses or ranges that it may be used from; from everywhere when absent. At most 32.
    #[serde(default)]
    #[schema(example = json!(["192.0.2.0/24", "2001:db8::/32"]))]
    allowed_networks: Vec<String>,
}

/// An API token, without the token itself.
#[derive(Serialize, ToSchema)]
#[schema(as = ApiToken)]
pub(super) struct ApiTokenView {
    /// The token.
    #[schema(example = "tok_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    id: String,
    /// What people call it.
    label: String,
    /// The member who made it; it dies with their membership.
    user_id: String,
    /// What it may do, as far as its maker's role allows it, too.
    scopes: Vec<&'static str>,
    /// From where it may be used; from everywhere when empty.
    allowed_networks: Vec<String>,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// From when on it is refused.
    #[schema(format = DateTime)]
    expires_at: String,
    /// When it was last used, to the minute; `null` when it never was.
    #[schema(format = DateTime)]
    last_used_at: Option<String>,
}

impl From<ApiToken> for ApiTokenView {
    fn from(token: ApiToken) -> Self {
        let networks = token.allowed_networks.iter();
        Self {
            id: token.id.to_string(),
            label: token.label.to_string(),
            user_id: token.user_id.to_string(),
            scopes: token.scopes.iter().map(Permission::as_str).collect(),
            allowed_networks: networks.map(ToString::to_string).collect(),
            created_at: token.created_at.to_string(),
            expires_at: token.expires_at.to_string(),
            last_used_at: token.last_used_at.map(|at| at.to_string()),
        }
    }
}

/// An API token that was just made.
#[derive(Serialize, ToSchema)]
#[schema(as = NewApiToken)]
struct NewApiTokenView {
    #[serde(flatten)]
    described: ApiTokenView,
    /// The token itself. It is shown this once: keep it where secrets are kept.
    #[schema(value_type = String, example = "wdl_api_…")]
    token: ShownSecret,
}

/// A page of API tokens, oldest first.
#[derive(Serialize, ToSchema)]
#[schema(as = ApiTokenList)]
struct ApiTokenListView {
    /// The tokens.
    data: Vec<ApiTokenView>,
    /// Where the next page starts.
    page: PageView,
}

/// List API tokens
///
/// Expired ones are among them, revoked ones are not.
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/api-tokens", operation_id = "list_api_tokens",
    tag = "API tokens",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("limit" = Option<u32>, Query, description = "Items on a page; more than 200 is lowered to \
            200. 50 when absent.", minimum = 1),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses(
        (status = 200, description = "A page of API tokens.", body = ApiTokenListView),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("token.manage"))),
)]
async fn list_api_tokens(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    QueryOf(query): QueryOf<PageQuery>,
) -> Result<Json<ApiTokenListView>, Problem> {
    let cursors = Cursors {
        hasher: &*state.settings.token_hasher,
        owner: path.team_id,
        list: "api-tokens",
    };
    let page = query.request(&cursors, |id: String| id.parse::<ApiTokenId>().ok())?;
    let use_case = &state.use_cases.teams.list_api_tokens;
    let found = use_case.run(&caller.actor, path.team_id, page).await?;
    let next_cursor = found.next_after.map(|id| cursors.write(&id.to_string()));
    Ok(Json(ApiTokenListView {
        data: found.items.into_iter().map(ApiTokenView::from).collect(),
        page: PageView { next_cursor },
    }))
}

/// Show an API token
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/api-tokens/{token_id}", operation_id = "get_api_token",
    tag = "API tokens",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("token_id" = String, Path, description = "The token's id."),
    ),
    responses((status = 200, description = "The token.", body = ApiTokenView), ReadProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("token.manage"))),
)]
async fn get_api_token(
    State(state): State<ApiState>,
    caller: Caller,
    path: ApiTokenPath,
    _: QueryOf<NoQuery>,
) -> Result<Json<ApiTokenView>, Problem> {
    let use_case = &state.use_cases.teams.get_api_token;
    let token = use_case
        .run(&caller.actor, path.team_id, path.token_id)
        .await?;
    Ok(Json(token.into()))
}

/// Create an API token
///
/// The answer shows the token, this once. Scopes that are the owner's alone need a browser session in
/// which you proved who you are within the last five minutes.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/api-tokens", operation_id = "create_api_token",
    tag = "API tokens",
    params(("team_id" = String, Path, description = "The team.")),
    request_body(content = CreateBody, description = "The token to make."),
    responses(
        (status = 201, description = "The token.", body = NewApiTokenView,
            headers(("Location" = String, description = "The token's description."))),
        WriteProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("token.manage"))),
)]
async fn create_api_token(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    _: QueryOf<NoQuery>,
    JsonBody(body): JsonBody<CreateBody>,
) -> Result<Created<NewApiTokenView>, Problem> {
    let command = command(path.team_id, &body)?;
    let use_case = state.use_cases.teams.create_api_token.clone();
    let NewApiToken { token, secret } = state
        .run_mutation(async move { use_case.run(&caller.actor, command).await })
        .await?;
    Ok(Created {
        location: format!("/v1/teams/{}/api-tokens/{}", token.team_id, token.id),
        view: NewApiTokenView {
            described: token.into(),
            token: ShownSecret(secret),
        },
    })
}

fn command(team_id: TeamId, body: &CreateBody) -> Result<CreateApiTokenCommand, Problem> {
    let mut faults = FieldFaults::default();
    let label = faults.parse("/label", &body.label, TokenLabel::parse);
    let scopes = permissions(&mut faults, "/scopes", &body.scopes);
    let expires_at = body.expires_at.parse().ok();
    if expires_at.is_none() {
        let rule = "must be a point in time such as 2027-01-01T00:00:00Z";
        faults.add("/expires_at", rule);
    }
    let mut allowed_networks = Vec::new();
    for (place, text) in body.allowed_networks.iter().enumerate() {
        match text.parse::<Network>() {
            Ok(network) => allowed_networks.push(network),
            Err(error) => {
                let pointer = pointer_to("/allowed_networks", &place.to_string());
                faults.add(&pointer, &error.to_string());
            }
        }
    }
    match (label, expires_at) {
        (Some(label), Some(expires_at)) if faults.is_empty() => Ok(CreateApiTokenCommand {
            team_id,
            label,
            scopes,
            expires_at,
            allowed_networks,
        }),
        _ => Err(faults.into_problem()),
    }
}

/// Revoke an API token
///
/// Holds at once, for requests and running jobs.
#[utoipa::path(
    delete, path = "/v1/teams/{team_id}/api-tokens/{token_id}", operation_id = "revoke_api_token",
    tag = "API tokens",
    params(
        ("team_id" = String, Path, description = "The team."),
        ("token_id" = String, Path, description = "The token's id."),
    ),
    responses((status = 204, description = "It is worthless."), WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("token.manage"))),
)]
async fn revoke_api_token(
    State(state): State<ApiState>,
    caller: Caller,
    path: ApiTokenPath,
    _: QueryOf<NoQuery>,
    _: NoBody,
) -> Result<StatusCode, Problem> {
    let use_case = state.use_cases.teams.revoke_api_token.clone();
    state
        .run_mutation(async move {
            let (team, token) = (path.team_id, path.token_id);
            use_case.run(&caller.actor, team, token).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
