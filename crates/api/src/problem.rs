//! The one shape of every refusal and failure: an RFC 9457 problem. Handlers return a [`Problem`];
//! [`crate::middleware::request_context`] writes it out, because only there the request id is known.

mod body;
mod fault;
pub(crate) mod status;

pub(crate) use body::{ProblemBody, is_retryable, problem_type, title};
pub(crate) use fault::{Fault, FaultLocation};

use application::UseCaseError;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::error_code::{ErrorClass, ErrorCode};
use domain::ids::{JobId, RequestId};
use domain::rate_limit::RateScope;
use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;
use telemetry::error_chain::ErrorChain;

/// The media type of every problem.
pub(crate) const PROBLEM_MEDIA_TYPE: &str = "application/problem+json";
/// What a client is told to wait before it repeats a request that found something down, in seconds.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("2");

/// A refused or failed request. The cause is for the log and never reaches the client.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    code: ErrorCode,
    detail: String,
    faults: Vec<Fault>,
    violated_policies: Box<[&'static str]>,
    job_id: Option<JobId>,
    retry_after: Option<Duration>,
    cause: Option<Arc<str>>,
}

impl Problem {
    pub(crate) fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            faults: Vec::new(),
            violated_policies: Box::default(),
            job_id: None,
            retry_after: None,
            cause: None,
        }
    }

    /// A value that is not acceptable, and where it is.
    pub(crate) fn invalid(faults: Vec<Fault>) -> Self {
        let detail = match faults.as_slice() {
            [only] => format!("{} {}", only.name(), only.detail()),
            _ => "some values are not acceptable".to_owned(),
        };
        let mut problem = Self::new(ErrorCode::ValidationFailed, detail);
        problem.faults = faults;
        problem
    }

    /// A part of the request that cannot be read, and where it is.
    pub(crate) fn malformed(fault: Fault) -> Self {
        let detail = format!("{} {}", fault.name(), fault.detail());
        let mut problem = Self::new(ErrorCode::MalformedRequest, detail);
        problem.faults = vec![fault];
        problem
    }

    /// A session key of the platform, and where it was.
    pub(crate) fn session_key(location: FaultLocation, pointer: impl Into<String>) -> Self {
        let mut problem = Self::new(
            ErrorCode::SessionKeyNotAccepted,
            "platform session keys are never accepted from a client; they stay on the server",
        );
        problem.faults = vec![Fault::new(location, pointer, "is not accepted")];
        problem
    }

    /// More requests than the policies allow, and when one more may be made.
    pub(crate) fn rate_limited(violated: &[RateScope], wait: Duration) -> Self {
        let policies: Vec<_> = violated.iter().map(|scope| scope.as_str()).collect();
        let detail = format!(
            "more requests than may be made in the time (counted by {})",
            policies.join(" and by ")
        );
        let mut problem = Self::new(ErrorCode::RateLimited, detail);
        problem.violated_policies = policies.into();
        problem.retry_after = Some(wait);
        problem
    }

    /// A fault of ours.
    pub(crate) fn internal(cause: impl Into<Arc<str>>) -> Self {
        let mut problem = Self::new(ErrorCode::InternalError, "an internal error occurred");
        problem.cause = Some(cause.into());
        problem
    }

    pub(crate) fn code(&self) -> ErrorCode {
        self.code
    }

    /// What lies behind it, for the log.
    pub(crate) fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The answer's body. `request_id` is absent only in a problem that a job's view contains.
    pub(crate) fn body(&self, request_id: Option<RequestId>) -> ProblemBody {
        ProblemBody {
            problem_type: problem_type(self.code),
            title: title(self.code),
            status: status::status_of(self.code).as_u16(),
            detail: self.detail.clone(),
            code: self.code.as_str(),
            retryable: is_retryable(self.code),
            who_acts: self.code.who_acts().as_str(),
            platform_code: None,
            remaining_steps: Vec::new(),
            request_id: request_id.map(|id| id.to_string()),
            job_id: self.job_id.map(|id| id.to_string()),
            step: None,
            violated_policies: self.violated_policies.to_vec(),
            errors: self.faults.clone(),
        }
    }
}

impl From<UseCaseError> for Problem {
    fn from(error: UseCaseError) -> Self {
        let faults = error
            .pointer()
            .map(|pointer| Fault::new(FaultLocation::Body, pointer, error.detail()));
        Self {
            code: error.code(),
            detail: error.detail().to_owned(),
            faults: faults.into_iter().collect(),
            violated_policies: Box::default(),
            job_id: error.job_id(),
            retry_after: error.wait(),
            cause: error
                .source()
                .map(|cause| Arc::from(ErrorChain(cause).to_string())),
        }
    }
}

impl IntoResponse for Problem {
    /// Status and headers; the body is written by the outermost middleware from the extension.
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status::status_of(self.code);
        let headers = response.headers_mut();
        match self.code.class() {
            ErrorClass::Unauthenticated => {
                let challenge = HeaderValue::from_static("Bearer realm=\"windlass\"");
                headers.insert(header::WWW_AUTHENTICATE, challenge);
            }
            ErrorClass::Unavailable | ErrorClass::TooMuch => {
                headers.insert(header::RETRY_AFTER, RETRY_AFTER_SECONDS);
            }
            _ if self.code == ErrorCode::IdempotencyInFlight => {
                headers.insert(header::RETRY_AFTER, RETRY_AFTER_SECONDS);
            }
            _ => {}
        }
        if let Some(wait) = self.retry_after {
            // Rounded up: who comes back a moment too early is refused again.
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// The problem for an answer that some library made without us.
pub(crate) fn problem_for_status(status: StatusCode) -> Problem {
    let code = match status {
        StatusCode::NOT_FOUND => ErrorCode::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => ErrorCode::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::BodyTooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ErrorCode::UnsupportedMediaType,
        other if other.is_client_error() => ErrorCode::MalformedRequest,
        StatusCode::SERVICE_UNAVAILABLE => ErrorCode::TemporarilyUnavailable,
        _ => ErrorCode::InternalError,
    };
    Problem::new(code, "the request cannot be answered")
}
