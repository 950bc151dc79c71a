//! The one table from classes of failure to HTTP statuses.

use axum::http::StatusCode;
use domain::error_code::{ErrorClass, ErrorCode};

/// The status that a code answers with.
pub(crate) fn status_of(code: ErrorCode) -> StatusCode {
    match code {
        // HTTP has a status of its own for these three ways of being malformed.
        ErrorCode::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ErrorCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        // And one for what a client insisted on.
        ErrorCode::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
        _ => match code.class() {
            ErrorClass::Malformed => StatusCode::BAD_REQUEST,
            ErrorClass::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            ErrorClass::Unauthenticated => StatusCode::UNAUTHORIZED,
            ErrorClass::Forbidden => StatusCode::FORBIDDEN,
            ErrorClass::NotFound => StatusCode::NOT_FOUND,
            ErrorClass::Conflict => StatusCode::CONFLICT,
            ErrorClass::TooMuch => StatusCode::TOO_MANY_REQUESTS,
            ErrorClass::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            ErrorClass::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        },
    }
}
