//! `/llms.txt`: where programs that read find what they need to use the API.

use crate::request::{NoQuery, QueryOf};
use crate::state::ApiState;
use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

const TEXT: &str = "\
# Windlass

> Drives a hosting platform on behalf of teams. Slow or risky operations are jobs: they answer 202 with the job, which
> can be polled, waited for (`Prefer: wait=N`), followed and cancelled. Every refusal is a problem (RFC 9457) with a
> stable `code`. Programs send `Authorization: Bearer wdl_api_…`; each operation names the permission that it needs.

- [OpenAPI 3.1 document](/openapi.json): every operation, exactly
- [Documentation page](/docs/): the same for people
- [Error codes](/v1/errors): what each means, whether to try again, and who must act
- [Permissions](/v1/permissions): what a token may be allowed
- [Version](/v1/version): what runs here
";

pub(super) fn routes() -> Router<ApiState> {
    Router::new().route("/llms.txt", get(llms))
}

async fn llms(_: QueryOf<NoQuery>) -> Response {
    let media_type = HeaderValue::from_static("text/markdown; charset=utf-8");
    ([(header::CONTENT_TYPE, media_type)], TEXT).into_response()
}
