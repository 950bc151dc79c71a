//! The answer to every request that became a job.

use super::job_view::{JobView, POLL_AGAIN_SECONDS, job_path};
use application::AcceptedJob;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;
use utoipa::IntoResponses;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{
    Content, Header, HeaderBuilder, Ref, RefOr, Response as Description, ResponseBuilder,
};

/// `202` with the job, where it is, and when to look again.
pub(super) struct Accepted(AcceptedJob);

impl From<AcceptedJob> for Accepted {
    fn from(accepted: AcceptedJob) -> Self {
        Self(accepted)
    }
}

impl IntoResponse for Accepted {
    fn into_response(self) -> Response {
        let AcceptedJob { job, is_replayed } = self.0;
        let location = HeaderValue::try_from(job_path(job.team_id, job.id)).expect("ids are ASCII");
        // Its place in the line is read by whoever looks again.
        let view = JobView::without_place(job);
        let mut response = (StatusCode::ACCEPTED, Json(view)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::LOCATION, location);
        headers.insert(header::RETRY_AFTER, HeaderValue::from(POLL_AGAIN_SECONDS));
        if is_replayed {
            headers.insert("idempotency-replayed", HeaderValue::from_static("true"));
        }
        response
    }
}

impl IntoResponses for Accepted {
    fn responses() -> BTreeMap<String, RefOr<Description>> {
        let header = |kind, description: &str| -> Header {
            HeaderBuilder::new()
                .schema(Some(ObjectBuilder::new().schema_type(kind).build()))
                .description(Some(description))
                .build()
        };
        let response = ResponseBuilder::new()
            .description("Accepted: the job that does it.")
            .content(
                "application/json",
                Content::new(Some(Ref::from_schema_name("Job"))),
            )
            .header("Location", header(Type::String, "The job."))
            .header(
                "Retry-After",
                header(Type::Integer, "When to look again, in seconds."),
            )
            .header(
                "Idempotency-Replayed",
                header(
                    Type::Boolean,
                    "`true` when an earlier request with the same key created the job; absent \
                     otherwise.",
                ),
            )
            .build();
        BTreeMap::from([("202".to_owned(), RefOr::T(response))])
    }
}
