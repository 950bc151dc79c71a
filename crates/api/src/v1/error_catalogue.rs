//! Every code that a problem can have. The `type` of a problem points here.

use crate::documents::PublicProblems;
use crate::problem::{is_retryable, problem_type, status::status_of, title};
use crate::request::{NoQuery, QueryOf};
use crate::state::ApiState;
use axum::Json;
use domain::error_code::ErrorCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list_errors))
}

/// One code.
#[derive(Serialize, ToSchema)]
#[schema(as = ErrorCatalogueEntry)]
struct EntryView {
    /// The stable code.
    #[schema(example = "environment-name-taken")]
    code: &'static str,
    /// The `type` of its problems.
    #[serde(rename = "type")]
    problem_type: String,
    /// The code in words.
    title: String,
    /// The HTTP status.
    #[schema(example = 409)]
    status: u16,
    /// What it means.
    meaning: &'static str,
    /// Who can do something about it: `client`, `owner`, `operator` or `retry` (nobody has to).
    who_acts: &'static str,
    /// Whether trying again later is enough.
    retryable: bool,
}

/// All codes.
#[derive(Serialize, ToSchema)]
#[schema(as = ErrorCatalogue)]
struct CatalogueView {
    /// The codes.
    data: Vec<EntryView>,
}

/// List all error codes
///
/// Needs no credential.
#[utoipa::path(
    get, path = "/v1/errors", operation_id = "list_errors", tag = "meta",
    responses((status = 200, description = "Every code.", body = CatalogueView), PublicProblems),
    security(()),
    extensions(("x-public" = json!(true))),
)]
async fn list_errors(_: QueryOf<NoQuery>) -> Json<CatalogueView> {
    let data = ErrorCode::ALL.iter().copied().map(|code| EntryView {
        code: code.as_str(),
        problem_type: problem_type(code),
        title: title(code),
        status: status_of(code).as_u16(),
        meaning: code.meaning(),
        who_acts: code.who_acts().as_str(),
        retryable: is_retryable(code),
    });
    Json(CatalogueView {
        data: data.collect(),
    })
}
