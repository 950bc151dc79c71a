//! The answer to every request that became a job.

use super::job_view::{JobView, POLL_AGAIN_SECONDS, job_path};
use application::AcceptedJob;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::ports::JobDetails;

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
        let view = JobView::from(JobDetails {
            job,
            turn_holder: None,
            jobs_ahead: 0,
        });
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
