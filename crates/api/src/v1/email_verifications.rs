//! Proving that an address belongs to a person.

use crate::documents::WriteProblems;
use crate::problem::Problem;
use crate::request::{FieldFaults, JsonBody, NoQuery, QueryOf, SecretField, Visitor};
use crate::state::ApiState;
use axum::extract::State;
use axum::http::StatusCode;
use domain::names::EmailAddress;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(verify_email))
        .routes(routes!(resend_verification))
}

/// The link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EmailVerification)]
struct VerificationBody {
    /// The token of the link in the mail.
    #[schema(value_type = String, example = "wdl_verify_…")]
    token: SecretField,
}

/// An address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Addressee)]
pub(super) struct AddresseeBody {
    /// The address.
    #[schema(example = "anna@example.com", max_length = 254)]
    email: String,
}

impl AddresseeBody {
    pub(super) fn parsed(&self) -> Result<EmailAddress, Problem> {
        let mut faults = FieldFaults::default();
        let email = faults.parse("/email", &self.email, EmailAddress::parse);
        email.ok_or_else(|| faults.into_problem())
    }
}

/// Prove an e-mail address
///
/// The token is good once and for a day. The person may sign in from then on.
#[utoipa::path(
    post, path = "/v1/email-verifications", operation_id = "verify_email", tag = "people",
    request_body(content = VerificationBody, description = "The link.",
        example = json!({"token": "wdl_verify_…"})),
    responses((status = 204, description = "The address is proved."), WriteProblems),
    security(()),
    extensions(("x-public" = json!(true))),
)]
async fn verify_email(
    State(state): State<ApiState>,
    Visitor(origin): Visitor,
    _: QueryOf<NoQuery>,
    JsonBody(body): JsonBody<VerificationBody>,
) -> Result<StatusCode, Problem> {
    let use_case = state.use_cases.people.verify_email.clone();
    state
        .run_mutation(async move { use_case.run(&body.token.0, &origin).await })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Mail the link again
///
/// Answers the same whatever the address: only one that has an account and was not proved yet gets a
/// mail, and not too many in a quarter of an hour.
#[utoipa::path(
    post, path = "/v1/email-verifications/actions/resend", operation_id = "resend_verification",
    tag = "people",
    request_body(content = AddresseeBody, description = "The address.",
        example = json!({"email": "anna@example.com"})),
    responses((status = 202, description = "Look into the mails of the address."), WriteProblems),
    security(()),
    extensions(("x-public" = json!(true))),
)]
async fn resend_verification(
    State(state): State<ApiState>,
    Visitor(origin): Visitor,
    _: QueryOf<NoQuery>,
    JsonBody(body): JsonBody<AddresseeBody>,
) -> Result<StatusCode, Problem> {
    let email = body.parsed()?;
    let use_case = state.use_cases.people.resend_verification.clone();
    state
        .run_mutation(async move { use_case.run(&email, &origin).await })
        .await?;
    Ok(StatusCode::ACCEPTED)
}
