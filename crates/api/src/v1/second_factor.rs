//! The own second factor and its recovery codes.

use super::presented_factor::one_time_code;
use super::session_cookie::{IssuedSessionView, with_cookie};
use crate::documents::WriteProblems;
use crate::problem::Problem;
use crate::request::{FieldFaults, JsonBody, NoBody, NoQuery, QueryOf, SecretField, SignedIn};
use crate::state::ApiState;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use domain::SecretText;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(begin_second_factor, remove_second_factor))
        .routes(routes!(confirm_second_factor))
        .routes(routes!(renew_recovery_codes))
}

/// What an authenticator app needs. Shown this once.
#[derive(Serialize, ToSchema)]
#[schema(as = SecondFactorEnrolment)]
struct EnrolmentView {
    /// The shared secret in base32, for typing it in.
    secret: String,
    /// The same as an address that apps read from a QR code.
    #[schema(example = "otpauth://totp/…")]
    uri: String,
    #[serde(flatten)]
    session: IssuedSessionView,
}

/// A first code of the app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SecondFactorConfirmation)]
struct ConfirmationBody {
    /// The six digits that the app shows.
    #[schema(value_type = String, example = "123456")]
    code: SecretField,
}

/// Codes that stand in for the app when it is lost, each good once. Shown this once.
#[derive(Serialize, ToSchema)]
#[schema(as = RecoveryCodes)]
struct RecoveryCodesView {
    /// The codes.
    recovery_codes: Vec<String>,
}

/// The second factor is on.
#[derive(Serialize, ToSchema)]
#[schema(as = SecondFactorConfirmed)]
struct ConfirmedView {
    #[serde(flatten)]
    codes: RecoveryCodesView,
    #[serde(flatten)]
    session: IssuedSessionView,
}

impl RecoveryCodesView {
    fn new(codes: &[SecretText]) -> Self {
        let codes = codes.iter().map(|code| code.expose().to_owned());
        Self {
            recovery_codes: codes.collect(),
        }
    }
}

/// Begin to set up a second factor
///
/// Needs a step-up. Give the secret to an authenticator app, then confirm with a code of it; until then
/// the factor counts for nothing, and beginning again makes another secret. The session gets another
/// cookie and another `csrf_token`.
#[utoipa::path(
    post, path = "/v1/me/second-factor", operation_id = "begin_second_factor", tag = "people",
    responses(
        (status = 200, description = "The secret.", body = EnrolmentView,
            headers(("Set-Cookie" = String, description = "The session."))),
        WriteProblems,
    ),
    security(("browser_session" = [])),
    extensions(("x-required-session" = json!(true))),
)]
async fn begin_second_factor(
    State(state): State<ApiState>,
    caller: SignedIn,
    _: QueryOf<NoQuery>,
    _: NoBody,
) -> Result<Response, Problem> {
    let use_case = state.use_cases.people.begin_second_factor.clone();
    let enrolment = state
        .run_mutation(async move { use_case.run(&caller.person).await })
        .await?;
    let session = &enrolment.session;
    let view = EnrolmentView {
        secret: enrolment.secret.expose().to_owned(),
        uri: enrolment.uri.expose().to_owned(),
        session: session.into(),
    };
    Ok(with_cookie(session, &*state.use_cases.clock, view))
}

/// Confirm the second factor
///
/// From then on signing in needs a code. The session gets another cookie and another `csrf_token`.
#[utoipa::path(
    post, path = "/v1/me/second-factor/actions/confirm", operation_id = "confirm_second_factor",
    tag = "people",
    request_body(content = ConfirmationBody, description = "A first code.",
        example = json!({"code": "123456"})),
    responses(
        (status = 200, description = "It is on.", body = ConfirmedView,
            headers(("Set-Cookie" = String, description = "The session."))),
        WriteProblems,
    ),
    security(("browser_session" = [])),
    extensions(("x-required-session" = json!(true))),
)]
async fn confirm_second_factor(
    State(state): State<ApiState>,
    caller: SignedIn,
    _: QueryOf<NoQuery>,
    JsonBody(body): JsonBody<ConfirmationBody>,
) -> Result<Response, Problem> {
    let mut faults = FieldFaults::default();
    let Some(code) = one_time_code(&mut faults, &body.code) else {
        return Err(faults.into_problem());
    };
    let use_case = state.use_cases.people.confirm_second_factor.clone();
    let confirmed = state
        .run_mutation(async move { use_case.run(&caller.person, &code).await })
        .await?;
    let session = &confirmed.session;
    let view = ConfirmedView {
        codes: RecoveryCodesView::new(&confirmed.recovery_codes),
        session: session.into(),
    };
    Ok(with_cookie(session, &*state.use_cases.clock, view))
}

/// Turn the second factor off
///
/// Needs a step-up. Its recovery codes are worth nothing any more. Refused while the person owns a team
/// with a connected platform account, where owners need a second factor. The session gets another cookie
/// and another `csrf_token`.
#[utoipa::path(
    delete, path = "/v1/me/second-factor", operation_id = "remove_second_factor", tag = "people",
    responses(
        (status = 200, description = "It is off.", body = IssuedSessionView,
            headers(("Set-Cookie" = String, description = "The session."))),
        WriteProblems,
    ),
    security(("browser_session" = [])),
    extensions(("x-required-session" = json!(true))),
)]
async fn remove_second_factor(
    State(state): State<ApiState>,
    caller: SignedIn,
    _: QueryOf<NoQuery>,
    _: NoBody,
) -> Result<Response, Problem> {
    let use_case = state.use_cases.people.remove_second_factor.clone();
    let session = state
        .run_mutation(async move { use_case.run(&caller.person).await })
        .await?;
    let view = IssuedSessionView::from(&session);
    Ok(with_cookie(&session, &*state.use_cases.clock, view))
}

/// Make new recovery codes
///
/// Needs a step-up and a second factor that is on. Codes from before are worth nothing any more.
#[utoipa::path(
    post, path = "/v1/me/recovery-codes", operation_id = "renew_recovery_codes", tag = "people",
    responses((status = 200, description = "The codes.", body = RecoveryCodesView), WriteProblems),
    security(("browser_session" = [])),
    extensions(("x-required-session" = json!(true))),
)]
async fn renew_recovery_codes(
    State(state): State<ApiState>,
    caller: SignedIn,
    _: QueryOf<NoQuery>,
    _: NoBody,
) -> Result<Json<RecoveryCodesView>, Problem> {
    let use_case = state.use_cases.people.renew_recovery_codes.clone();
    let codes = state
        .run_mutation(async move { use_case.run(&caller.person).await })
        .await?;
    Ok(Json(RecoveryCodesView::new(&codes)))
}
