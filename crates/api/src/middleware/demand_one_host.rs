//! A request that names no host, or two, is not looked at: what stands between us and the client could take it for
//! another one than we do.

use crate::problem::{Fault, Problem};
use axum::extract::Request;
use axum::http::{Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

pub(crate) async fn demand_one_host(request: Request, next: Next) -> Response {
    let named = request.headers().get_all(header::HOST).iter().count();
    let is_named_otherwise = named == 0
        && (request.version() != Version::HTTP_11 || request.uri().authority().is_some());
    if named == 1 || is_named_otherwise {
        return next.run(request).await;
    }
    let rule = if named == 0 {
        "is required"
    } else {
        "is given twice"
    };
    Problem::malformed(Fault::in_header("Host", rule)).into_response()
}
