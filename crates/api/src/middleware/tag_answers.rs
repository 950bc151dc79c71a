//! Gives answers their tag, and says no more than `304` to who knows them already.

use crate::entity_tag::{RowVersion, entity_tag, is_listed};
use crate::problem::Problem;
use crate::state::ApiState;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

pub(crate) async fn tag_answers(
    State(state): State<ApiState>,
    request: Request,
    next: Next,
) -> Response {
    let is_read = *request.method() == Method::GET;
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    let version = response.extensions().get::<RowVersion>().copied();
    let is_tagged =
        response.status() == StatusCode::OK && (is_read || version.is_some()) && is_json(&response);
    if !is_tagged {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // Made by ourselves and whole already: a stream has another type.
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return Problem::internal("an answer could not be read").into_response();
    };
    let tag = entity_tag(version, &state.settings.token_hasher.fingerprint(&bytes));
    let is_known = is_read && known.is_some_and(|known| is_in(&known, &tag));
    parts.headers.insert(header::ETAG, tag);
    if !is_known {
        return Response::from_parts(parts, Body::from(bytes));
    }
    parts.status = StatusCode::NOT_MODIFIED;
    parts.headers.remove(header::CONTENT_TYPE);
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::empty())
}

fn is_json(response: &Response) -> bool {
    let json = HeaderValue::from_static("application/json");
    response.headers().get(header::CONTENT_TYPE) == Some(&json)
}

fn is_in(list: &HeaderValue, tag: &HeaderValue) -> bool {
    let (Ok(list), Ok(tag)) = (list.to_str(), tag.to_str()) else {
        return false;
    };
    is_listed(list, tag)
}
