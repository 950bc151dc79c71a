//! Choosing a new password by a mail, for who has forgotten theirs.

use super::email_verifications::AddresseeBody;
use super::presented_factor::new_password;
use crate::documents::WriteProblems;
use crate::problem::Problem;
use crate::request::{FieldFaults, JsonBody, NoQuery, QueryOf, SecretField, Visitor};
use crate::state::ApiState;
use application::people::CompletePasswordResetCommand;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(request_password_reset))
        .routes(routes!(complete_password_reset))
}

/// The link and the new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PasswordResetCompletion)]
struct CompletionBody {
    /// The token of the link in the mail.
    #[schema(value_type = String, example = "wdl_reset_…")]
    token: SecretField,
    /// The new password; one that is easy to guess is refused.
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 128)]
    password: SecretField,
}

/// Ask for a new password
///
/// Answers the same whatever the address: only one that has an account gets a mail, and not too many in
/// a quarter of an hour.
#[utoipa::path(
    post, path = "/v1/password-resets", operation_id = "request_password_reset", tag = "people",
    request_body(content = AddresseeBody, description = "The address.",
        example = json!({"email": "anna@example.com"})),
    responses((status = 202, description = "Look into the mails of the address."), WriteProblems),
    security(()),
    extensions(("x-public" = json!(true))),
)]
async fn request_password_reset(
    State(state): State<ApiState>,
    Visitor(origin): Visitor,
    _: QueryOf<NoQuery>,
    JsonBody(body): JsonBody<AddresseeBody>,
) -> Result<StatusCode, Problem> {
    let email = body.parsed()?;
    let use_case = state.use_cases.people.request_password_reset.clone();
    state
        .run_mutation(async move { use_case.run(&email, &origin).await })
        .await?;
    Ok(StatusCode::ACCEPTED)
}

/// Choose the new password
///
/// The token is good once and for half an hour. Ends all sessions of the person. A second factor stays
/// on.
#[utoipa::path(
    post, path = "/v1/password-resets/actions/complete", operation_id = "complete_password_reset",
    tag = "people",
    request_body(content = CompletionBody, description = "The link and the new password.",
        example = json!({"token": "wdl_reset_…", "password": "…"})),
    responses((status = 204, description = "The password is changed."), WriteProblems),
    security(()),
    extensions(("x-public" = json!(true))),
)]
async fn complete_password_reset(
    State(state): State<ApiState>,
    Visitor(origin): Visitor,
    _: QueryOf<NoQuery>,
    JsonBody(body): JsonBody<CompletionBody>,
) -> Result<StatusCode, Problem> {
    let mut faults = FieldFaults::default();
    let Some(password) = new_password(&mut faults, body.password) else {
        return Err(faults.into_problem());
    };
    let token = body.token.0;
    let command = CompletePasswordResetCommand { token, password };
    let use_case = state.use_cases.people.complete_password_reset.clone();
    state
        .run_mutation(async move { use_case.run(command, &origin).await })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
