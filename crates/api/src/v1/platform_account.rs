//! The team's platform account: connect it, replace its credential, see its state, try it, take it back.

use super::platform_credential::{CredentialBody, CredentialSchema, checked_secret};
use crate::documents::{ReadProblems, WriteProblems};
use crate::problem::{Problem, ProblemBody};
use crate::request::{
    Caller, FieldFaults, JsonBody, NoBody, NoQuery, QueryOf, SecretField, TeamPath,
};
use crate::state::ApiState;
use application::platform_accounts::ConnectPlatformAccountCommand;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::ids::TeamId;
use domain::names::PlatformName;
use domain::platform_account::PlatformAccount;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(
            get_platform_account,
            put_platform_account,
            delete_platform_account
        ))
        .routes(routes!(verify_platform_account))
}

/// The platform account to connect.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlatformAccountPut)]
struct PutBody {
    /// A platform that the operator configured.
    #[schema(example = "main", min_length = 1, max_length = 64)]
    platform: String,
    /// Checked with the platform before anything is stored.
    #[schema(value_type = CredentialSchema)]
    credential: CredentialBody,
    /// A password that confirms deletions, for accounts that are connected by access token on a
    /// platform that asks for one.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Password, max_length = 1024)]
    delete_confirmation_password: Option<SecretField>,
}

/// The state of the platform account. The credential itself is never shown.
#[derive(Serialize, ToSchema)]
#[schema(as = PlatformAccount)]
pub(super) struct PlatformAccountView {
    /// The account.
    #[schema(example = "acct_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    id: String,
    /// The team.
    team_id: String,
    /// The configured platform.
    platform: String,
    /// `password` or `access_token`.
    credential_kind: &'static str,
    /// `connected`; `needs_reauthentication` when the platform refused the credential;
    /// `disconnected` when the owner took it back. Jobs wait until it is connected again.
    state: &'static str,
    /// Whether what is created through the account could also be deleted; otherwise nothing may be
    /// created.
    can_delete: bool,
    /// How deletions are confirmed: `not_needed`, `environment_name`, `account_password` or
    /// `unavailable`.
    deletion: &'static str,
    /// When the credential was last seen to work.
    #[schema(format = DateTime)]
    checked_at: String,
    /// When the account was first connected.
    #[schema(format = DateTime)]
    created_at: String,
}

impl From<PlatformAccount> for PlatformAccountView {
    fn from(account: PlatformAccount) -> Self {
        Self {
            id: account.id.to_string(),
            team_id: account.team_id.to_string(),
            platform: account.platform.to_string(),
            credential_kind: account.credential_kind.as_str(),
            state: account.state.as_str(),
            can_delete: account.can_delete(),
            deletion: account.deletion.as_str(),
            checked_at: account.checked_at.to_string(),
            created_at: account.created_at.to_string(),
        }
    }
}

/// Show the platform account
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/platform-account", operation_id = "get_platform_account",
    tag = "platform account",
    params(("team_id" = String, Path, description = "The team.")),
    responses(
        (status = 200, description = "The account.", body = PlatformAccountView),
        ReadProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("platform_account.view"))),
)]
async fn get_platform_account(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    _: QueryOf<NoQuery>,
) -> Result<Json<PlatformAccountView>, Problem> {
    let use_case = &state.use_cases.get_platform_account;
    let account = use_case.run(&caller.actor, path.team_id).await?;
    Ok(Json(account.into()))
}

/// Connect the platform account
///
/// Connects the account, or replaces its credential. The credential is checked with the platform
/// first, then kept encrypted. Doing it again with the same body leaves the same state. Only in a
/// browser session whose person proved who they are within the last five minutes, with a second factor
/// where that is set.
#[utoipa::path(
    put, path = "/v1/teams/{team_id}/platform-account", operation_id = "put_platform_account",
    tag = "platform account",
    params(("team_id" = String, Path, description = "The team.")),
    request_body(content = PutBody, description = "The account and its credential.", example = json!({
        "platform": "main",
        "credential": {"kind": "password", "login": "owner@example.com", "password": "…"},
    })),
    responses(
        (status = 200, description = "Connected.", body = PlatformAccountView),
        WriteProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("platform_account.manage"))),
)]
async fn put_platform_account(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    _: QueryOf<NoQuery>,
    JsonBody(body): JsonBody<PutBody>,
) -> Result<Json<PlatformAccountView>, Problem> {
    let command = command(path.team_id, body)?;
    let use_case = state.use_cases.connect_platform_account.clone();
    let account = state
        .run_mutation(async move { use_case.run(&caller.actor, command).await })
        .await?;
    Ok(Json(account.into()))
}

/// Disconnect the platform account
///
/// Destroys the credential and the session. What was built stays; calls on their way end, and jobs wait
/// at their next step until an account is connected again. Only in a browser session whose person
/// proved who they are within the last five minutes. Doing it again changes nothing.
#[utoipa::path(
    delete, path = "/v1/teams/{team_id}/platform-account", operation_id = "delete_platform_account",
    tag = "platform account",
    params(("team_id" = String, Path, description = "The team.")),
    responses((status = 204, description = "Disconnected."), WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("platform_account.manage"))),
)]
async fn delete_platform_account(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    _: QueryOf<NoQuery>,
    _: NoBody,
) -> Result<StatusCode, Problem> {
    let use_case = state.use_cases.governance.disconnect_account.clone();
    state
        .run_mutation(async move { use_case.run(&caller.actor, path.team_id).await })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Try the platform credential
///
/// Signs in with the credential in custody and answers with the account as it is afterwards: a
/// credential that the platform refuses is the state `needs_reauthentication`, not a problem. At most
/// once a minute: the platform counts sign-ins.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/platform-account/actions/verify",
    operation_id = "verify_platform_account", tag = "platform account",
    params(("team_id" = String, Path, description = "The team.")),
    responses(
        (status = 200, description = "The account after the trial.", body = PlatformAccountView),
        (status = 429, description = "It was tried within the last minute; `Retry-After` says when \
            to try again.", content_type = "application/problem+json", body = ProblemBody),
        WriteProblems,
    ),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("platform_account.manage"))),
)]
async fn verify_platform_account(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    _: QueryOf<NoQuery>,
    _: NoBody,
) -> Result<Json<PlatformAccountView>, Problem> {
    let use_case = state.use_cases.governance.verify_account.clone();
    let account = state
        .run_mutation(async move { use_case.run(&caller.actor, path.team_id).await })
        .await?;
    Ok(Json(account.into()))
}

fn command(team_id: TeamId, body: PutBody) -> Result<ConnectPlatformAccountCommand, Problem> {
    let mut faults = FieldFaults::default();
    let platform = faults.parse("/platform", &body.platform, PlatformName::parse);
    let credential = body.credential.parsed(&mut faults, "/credential");
    let confirmation_password = body
        .delete_confirmation_password
        .and_then(|secret| checked_secret(&mut faults, "/delete_confirmation_password", secret));
    match (platform, credential) {
        (Some(platform), Some(credential)) if faults.is_empty() => {
            Ok(ConnectPlatformAccountCommand {
                team_id,
                platform,
                credential,
                confirmation_password,
            })
        }
        _ => Err(faults.into_problem()),
    }
}
