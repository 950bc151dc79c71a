//! Who the caller is, and the own password.

use super::person_view::PersonView;
use super::presented_factor::{new_password, present_password};
use super::session_cookie::{IssuedSessionView, with_cookie};
use crate::documents::{ReadProblems, WriteProblems};
use crate::problem::Problem;
use crate::request::{
    AnyCredential, FieldFaults, JsonBody, NoQuery, QueryOf, SecretField, SignedIn,
};
use crate::state::ApiState;
use application::people::ChangePasswordCommand;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use domain::access::{AccessRecord, Actor, CredentialRecord, Permission, PermissionSet, Role};
use domain::team::Team;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(get_me))
        .routes(routes!(change_password))
}

/// Who the caller is.
#[derive(Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = Me)]
enum MeView {
    /// A person who signed in with a browser.
    Person(Box<PersonMeView>),
    /// An API token.
    ApiToken(Box<TokenMeView>),
}

/// A person, their session and their teams.
#[derive(Serialize, ToSchema)]
#[schema(as = MyPerson)]
struct PersonMeView {
    /// The person.
    user: PersonView,
    /// Recovery codes that were not used yet.
    unused_recovery_codes: i64,
    /// The session of the request.
    session_id: String,
    /// Send it as `X-CSRF-Token` with everything that changes something.
    csrf_token: String,
    /// When the person last proved who they are.
    #[schema(format = DateTime)]
    authenticated_at: String,
    /// From when on the session is refused.
    #[schema(format = DateTime)]
    expires_at: String,
    /// The teams, oldest first; 200 at most, `GET /v1/teams` has all.
    teams: Vec<MyTeamView>,
    /// Whether there are more teams than these.
    has_more_teams: bool,
}

/// A team of the person, and what they may do there.
#[derive(Serialize, ToSchema)]
#[schema(as = MyTeam)]
struct MyTeamView {
    /// The team.
    id: String,
    /// Its name.
    name: String,
    /// Whether those who run the service have suspended it.
    is_suspended: bool,
    /// The role of the person.
    role_id: String,
    /// The role's name.
    role: String,
    /// What the role allows there now.
    permissions: Vec<&'static str>,
}

/// A token and its team.
#[derive(Serialize, ToSchema)]
#[schema(as = MyToken)]
struct TokenMeView {
    /// The token.
    id: String,
    /// What it is called.
    label: String,
    /// The team it acts in.
    team_id: String,
    /// The team's name.
    team_name: String,
    /// What it was made for.
    scopes: Vec<&'static str>,
    /// What it may do now: its scopes, as far as the role of its maker goes.
    permissions: Vec<&'static str>,
    /// From when on it is refused.
    #[schema(format = DateTime)]
    expires_at: String,
}

/// The old password and the new one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PasswordChange)]
struct PasswordBody {
    /// What it is now.
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 128)]
    current_password: SecretField,
    /// What it will be; one that is easy to guess is refused.
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 128)]
    password: SecretField,
}

/// Show who the caller is
///
/// A person gets their teams and the `csrf_token` of their session, a token its team and its rights.
#[utoipa::path(
    get, path = "/v1/me", operation_id = "get_me", tag = "people",
    responses((status = 200, description = "The caller.", body = MeView), ReadProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-any-credential" = json!(true))),
)]
async fn get_me(
    State(state): State<ApiState>,
    caller: AnyCredential,
    _: QueryOf<NoQuery>,
) -> Result<Json<MeView>, Problem> {
    let view = match caller {
        AnyCredential::Person(signed_in) => {
            MeView::Person(Box::new(person_view(&state, &signed_in).await?))
        }
        AnyCredential::Token(bearer) => {
            let (actor, record) = *bearer;
            let team = state.use_cases.people.get_me.of_token(&actor).await?;
            MeView::ApiToken(Box::new(token_view(&actor, &record, &team)?))
        }
    };
    Ok(Json(view))
}

async fn person_view(state: &ApiState, caller: &SignedIn) -> Result<PersonMeView, Problem> {
    let person = &caller.person;
    let overview = state.use_cases.people.get_me.of_person(person).await?;
    let hasher = &state.settings.token_hasher;
    let csrf_token = hasher.csrf_token(&caller.session_token);
    let teams = overview.teams.items.iter();
    Ok(PersonMeView {
        user: (&person.user).into(),
        unused_recovery_codes: overview.unused_recovery_codes,
        session_id: person.session.id.to_string(),
        csrf_token: csrf_token.expose().to_owned(),
        authenticated_at: person.session.authenticated_at.to_string(),
        expires_at: person.session.expires_at.to_string(),
        teams: teams.map(|(team, role)| team_view(team, role)).collect(),
        has_more_teams: overview.teams.next_after.is_some(),
    })
}

fn team_view(team: &Team, role: &Role) -> MyTeamView {
    let is_suspended = team.suspended_at.is_some();
    let permissions = role.permissions();
    MyTeamView {
        id: team.id.to_string(),
        name: team.name.to_string(),
        is_suspended,
        role_id: role.id.to_string(),
        role: role.name.to_string(),
        permissions: slugs(if is_suspended {
            permissions.views()
        } else {
            permissions
        }),
    }
}

fn token_view(actor: &Actor, record: &AccessRecord, team: &Team) -> Result<TokenMeView, Problem> {
    let CredentialRecord::Token(token) = &record.credential else {
        return Err(Problem::internal("a bearer of a token has none"));
    };
    Ok(TokenMeView {
        id: token.id.to_string(),
        label: token.label.to_string(),
        team_id: team.id.to_string(),
        team_name: team.name.to_string(),
        scopes: slugs(token.scopes),
        permissions: slugs(actor.permissions()),
        expires_at: token.expires_at.to_string(),
    })
}

fn slugs(permissions: PermissionSet) -> Vec<&'static str> {
    permissions.iter().map(Permission::as_str).collect()
}

/// Change the own password
///
/// Ends the other sessions of the person. The own one gets another cookie and another `csrf_token`.
/// Attempts are counted as those of signing in.
#[utoipa::path(
    put, path = "/v1/me/password", operation_id = "change_password", tag = "people",
    request_body(content = PasswordBody, description = "The old password and the new one.",
        example = json!({"current_password": "…", "password": "…"})),
    responses(
        (status = 200, description = "Changed.", body = IssuedSessionView,
            headers(("Set-Cookie" = String, description = "The session."))),
        WriteProblems,
    ),
    security(("browser_session" = [])),
    extensions(("x-required-session" = json!(true))),
)]
async fn change_password(
    State(state): State<ApiState>,
    caller: SignedIn,
    _: QueryOf<NoQuery>,
    JsonBody(body): JsonBody<PasswordBody>,
) -> Result<Response, Problem> {
    let mut faults = FieldFaults::default();
    let current = present_password(&mut faults, "/current_password", body.current_password);
    let password = new_password(&mut faults, body.password);
    let (Some(current_password), Some(password)) = (current, password) else {
        return Err(faults.into_problem());
    };
    let command = ChangePasswordCommand {
        current_password,
        password,
    };
    let use_case = state.use_cases.people.change_password.clone();
    let session = state
        .run_mutation(async move { use_case.run(&caller.person, command).await })
        .await?;
    let view = IssuedSessionView::from(&session);
    Ok(with_cookie(&session, &*state.use_cases.clock, view))
}
