//! The answer to a request that made something at once.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// `201` with what was made, and where it is.
pub(super) struct Created<View> {
    pub(super) location: String,
    pub(super) view: View,
}

impl<View: Serialize> IntoResponse for Created<View> {
    fn into_response(self) -> Response {
        let location = HeaderValue::try_from(self.location).expect("ids are ASCII");
        let location = [(header::LOCATION, location)];
        (StatusCode::CREATED, location, Json(self.view)).into_response()
    }
}
