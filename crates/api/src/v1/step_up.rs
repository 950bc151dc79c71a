//! Proving once more who one is, before something risky.

use super::presented_factor::{factor, present_password};
use super::session_cookie::{IssuedSessionView, with_cookie};
use crate::documents::WriteProblems;
use crate::problem::Problem;
use crate::request::{FieldFaults, JsonBody, NoQuery, QueryOf, SecretField, SignedIn};
use crate::state::ApiState;
use application::people::StepUpCommand;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(step_up))
}

/// A new proof of who the person is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StepUp)]
struct StepUpBody {
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

/// Prove again who one is
///
/// Needed before what is risky, for five minutes. The session gets another cookie and another
/// `csrf_token`. Attempts are counted as those of signing in.
#[utoipa::path(
    post, path = "/v1/browser-sessions/current/actions/step-up", operation_id = "step_up",
    tag = "people",
    request_body(content = StepUpBody, description = "The proof.",
        example = json!({"password": "…", "code": "123456"})),
    responses(
        (status = 200, description = "Proved.", body = IssuedSessionView,
            headers(("Set-Cookie" = String, description = "The session."))),
        WriteProblems,
    ),
    security(("browser_session" = [])),
    extensions(("x-required-session" = json!(true))),
)]
async fn step_up(
    State(state): State<ApiState>,
    caller: SignedIn,
    _: QueryOf<NoQuery>,
    JsonBody(body): JsonBody<StepUpBody>,
) -> Result<Response, Problem> {
    let mut faults = FieldFaults::default();
    let password = present_password(&mut faults, "/password", body.password);
    let factor = factor(&mut faults, body.code, body.recovery_code);
    let command = match password {
        Some(password) if faults.is_empty() => StepUpCommand { password, factor },
        _ => return Err(faults.into_problem()),
    };
    let use_case = state.use_cases.people.step_up.clone();
    let session = state
        .run_mutation(async move { use_case.run(&caller.person, command).await })
        .await?;
    let view = IssuedSessionView::from(&session);
    Ok(with_cookie(&session, &*state.use_cases.clock, view))
}
