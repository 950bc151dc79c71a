//! JSON bodies: media type, size, session keys, then the wanted shape. The raw bytes may hold
//! secrets: they are wiped when they have been read, and never logged.

use super::json_fault;
use super::session_keys;
use crate::problem::{Fault, FaultLocation, Problem};
use crate::state::ApiState;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use domain::error_code::ErrorCode;
use http_body_util::BodyExt as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::time::Duration;
use tokio::time::timeout;
use zeroize::Zeroizing;

/// How much of a body that is too large is read on, in bytes, so that its sender sees the refusal.
const SWALLOWED_BYTES_MAX: usize = 1024 * 1024;
/// Longest time for that: who sends slowly is refused all the same.
const SWALLOW_TIME_MAX: Duration = Duration::from_secs(1);

/// A JSON object as body.
pub(crate) struct JsonBody<Shape>(pub(crate) Shape);

/// No body, or an empty JSON object.
pub(crate) struct NoBody;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object without fields")]
struct Nothing {}

impl<Shape: DeserializeOwned> FromRequest<ApiState> for JsonBody<Shape> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &ApiState) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(unsupported_media_type());
        }
        let bytes = read(request, state.settings.body_bytes_max).await?;
        decode(&bytes).map(Self)
    }
}

impl FromRequest<ApiState> for NoBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &ApiState) -> Result<Self, Problem> {
        let claims_json = is_json(request.headers());
        let bytes = read(request, state.settings.body_bytes_max).await?;
        if bytes.is_empty() {
            return Ok(Self);
        }
        if !claims_json {
            return Err(unsupported_media_type());
        }
        decode::<Nothing>(&bytes).map(|_| Self)
    }
}

fn unsupported_media_type() -> Problem {
    Problem::new(
        ErrorCode::UnsupportedMediaType,
        "the body must be JSON, sent with `Content-Type: application/json`",
    )
}

fn is_json(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return false;
    };
    value.to_str().is_ok_and(|text| {
        let essence = text.split(';').next().unwrap_or_default();
        essence.trim().eq_ignore_ascii_case("application/json")
    })
}

/// Reads on for a while without keeping anything. A connection that is closed while its client still
/// sends is reset, and the client never sees why; somebody who sends without end is cut off.
async fn swallow(mut body: Body) {
    let reading = async {
        let mut swallowed: usize = 0;
        while let Some(Ok(frame)) = body.frame().await {
            swallowed += frame.data_ref().map_or(0, Bytes::len);
            if swallowed > SWALLOWED_BYTES_MAX {
                return;
            }
        }
    };
    // The refusal is sent either way.
    timeout(SWALLOW_TIME_MAX, reading).await.ok();
}

async fn read(request: Request, bytes_max: usize) -> Result<Zeroizing<Vec<u8>>, Problem> {
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if let Some(length) = announced.filter(|length| *length > bytes_max) {
        // More than would be read on: the answer need not wait for any of it.
        if length <= SWALLOWED_BYTES_MAX {
            swallow(request.into_body()).await;
        }
        return Err(too_large(bytes_max));
    }
    // The room is reserved at once: a buffer that grows leaves copies behind that nobody wipes.
    let mut bytes = Zeroizing::new(Vec::with_capacity(announced.unwrap_or(bytes_max)));
    let mut body = request.into_body();
    while let Some(frame) = body.frame().await {
        let frame = frame
            .map_err(|_| Problem::malformed(Fault::in_body("", "ended before it was complete")))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if bytes.len() + data.len() > bytes_max {
            swallow(body).await;
            return Err(too_large(bytes_max));
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}

fn too_large(bytes_max: usize) -> Problem {
    Problem::new(
        ErrorCode::BodyTooLarge,
        format!("the body may have at most {bytes_max} bytes"),
    )
}

fn decode<Shape: DeserializeOwned>(bytes: &[u8]) -> Result<Shape, Problem> {
    match session_keys::pointer_in_json(bytes) {
        Ok(None) => {}
        Ok(Some(pointer)) => return Err(Problem::session_key(FaultLocation::Body, pointer)),
        Err(error) => return Err(json_fault::syntax(&error)),
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(&mut json)
        .map_err(|error| Problem::invalid(vec![json_fault::shape(&error)]))
}
