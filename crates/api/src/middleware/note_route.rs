//! Tells the outermost middleware which route answered: the router alone knows.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;

/// The pattern of the route that answered, such as `/v1/teams/{team_id}/environments`.
#[derive(Clone)]
pub(super) struct AnsweringRoute(pub(super) MatchedPath);

pub(crate) async fn note_route(
    route: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(AnsweringRoute(route));
    }
    response
}
