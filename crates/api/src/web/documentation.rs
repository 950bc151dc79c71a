//! The OpenAPI document and the page that shows it. The page comes with the program: it loads
//! nothing from anywhere else.

use crate::documents;
use crate::problem::{Problem, problem_for_status};
use crate::request::{NoQuery, QueryOf};
use crate::state::ApiState;
use axum::Router;
use axum::body::Body;
use axum::extract::RawPathParams;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use std::sync::{Arc, LazyLock};
use utoipa_swagger_ui::Config;

/// The page needs its own scripts, and styles that its scripts write.
const PAGE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; \
     frame-ancestors 'none'",
);

static OPENAPI: LazyLock<String> = LazyLock::new(documents::openapi_json);

pub(super) fn routes() -> Router<ApiState> {
    Router::new()
        .route("/openapi.json", get(openapi))
        .route("/docs", get(async || Redirect::permanent("/docs/")))
        .route("/docs/", get(page))
        .route("/docs/{*file}", get(page))
}

async fn openapi(_: QueryOf<NoQuery>) -> Response {
    let media_type = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, media_type)], OPENAPI.as_str()).into_response()
}

async fn page(file: RawPathParams) -> Result<Response, Problem> {
    let file = file.iter().next().map_or("", |(_, file)| file);
    let config = Config::new(["/openapi.json"]).validator_url("none");
    let found = utoipa_swagger_ui::serve(file, Arc::new(config))
        .map_err(|error| Problem::internal(error.to_string()))?;
    let found = found.ok_or_else(|| problem_for_status(StatusCode::NOT_FOUND))?;
    let media_type = HeaderValue::try_from(found.content_type)
        .map_err(|error| Problem::internal(error.to_string()))?;
    let mut response = Response::new(Body::from(found.bytes.into_owned()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, media_type);
    headers.insert(header::CONTENT_SECURITY_POLICY, PAGE_POLICY);
    if found.gzpipped {
        let gzip = HeaderValue::from_static("gzip");
        headers.insert(header::CONTENT_ENCODING, gzip);
    }
    Ok(response)
}
