//! Browser sessions: signing in and out, and seeing where one is signed in.

use super::page_view::PageView;
use super::person_view::PersonView;
use super::presented_factor::{factor, present_password};
use super::session_cookie::{IssuedSessionView, with_cookie, without_cookie};
use crate::cursor::Cursors;
use crate::documents::{ReadProblems, WriteProblems};
use crate::problem::Problem;
use crate::request::{
    FieldFaults, JsonBody, NoBody, NoQuery, PageQuery, QueryOf, SecretField, SessionPath, SignedIn,
    Visitor,
};
use crate::state::ApiState;
use application::people::SignInCommand;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::ids::UserSessionId;
use domain::names::EmailAddress;
use domain::people::UserSession;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(sign_in, list_browser_sessions))
        .routes(routes!(sign_out))
        .routes(routes!(end_browser_session))
}

/// Who signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SignIn)]
struct SignInBody {
    /// The address.
    #[schema(example = "anna@example.com", max_length = 254)]
    email: String,
    /// The password.
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 128)]
    password: SecretField,
    /// The six digits that the authenticator app shows, when a second factor is on.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "123456")]
    code: Option<SecretField>,
    /// A recovery code in place of `code`; it is used up.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 64)]
    recovery_code: Option<SecretField>,
}

/// Who has signed in, and the session.
#[derive(Serialize, ToSchema)]
#[schema(as = SignedIn)]
struct SignedInView {
    /// The person.
    user: PersonView,
    #[serde(flatten)]
    session: IssuedSessionView,
}

/// A place where the person is signed in.
#[derive(Serialize, ToSchema)]
#[schema(as = BrowserSession)]
struct SessionView {
    /// The session.
    #[schema(example = "sess_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    id: String,
    /// Whether it is the one of this request.
    is_current: bool,
    /// When the person signed in.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last used, to the minute.
    #[schema(format = DateTime)]
    last_used_at: String,
    /// From when on it is refused, however much it is used.
    #[schema(format = DateTime)]
    expires_at: String,
    /// The address it began from.
    client_address: Option<String>,
    /// The browser it began with.
    user_agent: Option<String>,
}

/// Where the person is signed in.
#[derive(Serialize, ToSchema)]
#[schema(as = BrowserSessionList)]
struct SessionListView {
    /// The sessions, newest first.
    data: Vec<SessionView>,
    /// Where the next page starts.
    page: PageView,
}

impl SessionView {
    fn new(session: UserSession, current: UserSessionId) -> Self {
        Self {
            id: session.id.to_string(),
            is_current: session.id == current,
            created_at: session.created_at.to_string(),
            last_used_at: session.last_used_at.to_string(),
            expires_at: session.expires_at.to_string(),
            client_address: session.client_address,
            user_agent: session.user_agent,
        }
    }
}

/// Sign in
///
/// Sets the cookie of a new session. One refusal, `sign-in-refused`, stands for an unknown address, a
/// wrong password and a wrong code. Where a second factor is on, `second-factor-needed` asks for `code`
/// or `recovery_code`. Attempts are counted by address and by client.
#[utoipa::path(
    post, path = "/v1/browser-sessions", operation_id = "sign_in", tag = "people",
    request_body(content = SignInBody, description = "Who signs in.",
        example = json!({"email": "anna@example.com", "password": "…"})),
    responses(
        (status = 200, description = "Signed in.", body = SignedInView,
            headers(("Set-Cookie" = String, description = "The session."))),
        WriteProblems,
    ),
    security(()),
    extensions(("x-public" = json!(true))),
)]
async fn sign_in(
    State(state): State<ApiState>,
    Visitor(origin): Visitor,
    _: QueryOf<NoQuery>,
    JsonBody(body): JsonBody<SignInBody>,
) -> Result<Response, Problem> {
    let mut faults = FieldFaults::default();
    let email = faults.parse("/email", &body.email, EmailAddress::parse);
    let password = present_password(&mut faults, "/password", body.password);
    let factor = factor(&mut faults, body.code, body.recovery_code);
    let command = match (email, password) {
        (Some(email), Some(password)) if faults.is_empty() => SignInCommand {
            email,
            password,
            factor,
        },
        _ => return Err(faults.into_problem()),
    };
    let use_case = state.use_cases.people.sign_in.clone();
    let (user, session) = state
        .run_mutation(async move { use_case.run(command, &origin).await })
        .await?;
    let view = SignedInView {
        user: (&user).into(),
        session: (&session).into(),
    };
    Ok(with_cookie(&session, &*state.use_cases.clock, view))
}

/// List own sessions
#[utoipa::path(
    get, path = "/v1/browser-sessions", operation_id = "list_browser_sessions", tag = "people",
    params(
        ("limit" = Option<u32>, Query, description = "Items on a page; more than 200 is lowered to \
            200. 50 when absent.", minimum = 1),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page of sessions.", body = SessionListView), ReadProblems),
    security(("browser_session" = [])),
    extensions(("x-required-session" = json!(true))),
)]
async fn list_browser_sessions(
    State(state): State<ApiState>,
    caller: SignedIn,
    QueryOf(query): QueryOf<PageQuery>,
) -> Result<Json<SessionListView>, Problem> {
    let person = &caller.person;
    let cursors = Cursors {
        hasher: &*state.settings.token_hasher,
        owner: person.user.id,
        list: "browser-sessions",
    };
    let page = query.request(&cursors, |id: String| id.parse::<UserSessionId>().ok())?;
    let found = state
        .use_cases
        .people
        .list_sessions
        .run(person, page)
        .await?;
    let next_cursor = found.next_after.map(|id| cursors.write(&id.to_string()));
    let view = |session| SessionView::new(session, person.session.id);
    Ok(Json(SessionListView {
        data: found.items.into_iter().map(view).collect(),
        page: PageView { next_cursor },
    }))
}

/// Sign out
///
/// Ends the session of the request and takes its cookie back.
#[utoipa::path(
    delete, path = "/v1/browser-sessions/current", operation_id = "sign_out", tag = "people",
    responses((status = 204, description = "Signed out."), WriteProblems),
    security(("browser_session" = [])),
    extensions(("x-required-session" = json!(true))),
)]
async fn sign_out(
    State(state): State<ApiState>,
    caller: SignedIn,
    _: QueryOf<NoQuery>,
    _: NoBody,
) -> Result<Response, Problem> {
    let current = caller.person.session.id;
    end(&state, caller, current).await
}

/// End one of one's sessions
///
/// Where somebody else, or nobody, has such a session, the answer is the same.
#[utoipa::path(
    delete, path = "/v1/browser-sessions/{session_id}", operation_id = "end_browser_session",
    tag = "people",
    params(("session_id" = String, Path, description = "The session.")),
    responses((status = 204, description = "Ended."), WriteProblems),
    security(("browser_session" = [])),
    extensions(("x-required-session" = json!(true))),
)]
async fn end_browser_session(
    State(state): State<ApiState>,
    caller: SignedIn,
    SessionPath(session): SessionPath,
    _: QueryOf<NoQuery>,
    _: NoBody,
) -> Result<Response, Problem> {
    end(&state, caller, session).await
}

async fn end(
    state: &ApiState,
    caller: SignedIn,
    session: UserSessionId,
) -> Result<Response, Problem> {
    let is_current = session == caller.person.session.id;
    let use_case = state.use_cases.people.end_session.clone();
    state
        .run_mutation(async move { use_case.run(&caller.person, session).await })
        .await?;
    let answer = StatusCode::NO_CONTENT;
    Ok(if is_current {
        without_cookie(answer)
    } else {
        axum::response::IntoResponse::into_response(answer)
    })
}
