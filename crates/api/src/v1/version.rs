//! Which version answers.

use crate::documents::PublicProblems;
use crate::request::{NoQuery, QueryOf};
use crate::state::ApiState;
use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(get_version))
}

/// What answers.
#[derive(Serialize, ToSchema)]
#[schema(as = Version)]
struct VersionView {
    /// The version of this program.
    #[schema(example = "0.1.0")]
    version: &'static str,
    /// The versions of the API that it speaks.
    #[schema(example = json!(["v1"]))]
    api_versions: [&'static str; 1],
}

/// Show the version
///
/// Needs no credential.
#[utoipa::path(
    get, path = "/v1/version", operation_id = "get_version", tag = "meta",
    responses((status = 200, description = "The version.", body = VersionView), PublicProblems),
    security(()),
    extensions(("x-public" = json!(true))),
)]
async fn get_version(_: QueryOf<NoQuery>) -> Json<VersionView> {
    Json(VersionView {
        version: env!("CARGO_PKG_VERSION"),
        api_versions: ["v1"],
    })
}
