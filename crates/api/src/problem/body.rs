//! A problem as clients read it.

use super::Fault;
use domain::error_code::{ErrorCode, WhoActs};
use serde::Serialize;
use utoipa::ToSchema;

/// A refusal or failure (RFC 9457). `code` is the contract; `title` and `detail` are for people.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody {
    /// Names the kind of problem, relative to the API: its entry in the catalogue.
    #[serde(rename = "type")]
    #[schema(example = "/v1/errors#environment-name-taken")]
    pub(crate) problem_type: String,
    /// The kind of problem in words.
    #[schema(example = "Environment name taken")]
    pub(crate) title: String,
    /// The HTTP status; in a job's problem, the status that a request with this outcome would have.
    #[schema(example = 409)]
    pub(crate) status: u16,
    /// What happened this time.
    #[schema(example = "the team has an environment of that name")]
    pub(crate) detail: String,
    /// The stable code.
    #[schema(example = "environment-name-taken")]
    pub(crate) code: &'static str,
    /// Whether the same request may succeed later without anybody changing anything.
    pub(crate) retryable: bool,
    /// Who can do something about it: `client`, `owner`, `operator`, or `retry` when waiting is enough.
    #[schema(example = "client")]
    pub(crate) who_acts: &'static str,
    /// Finds the request in the logs. Absent in a job's problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "req_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    pub(crate) request_id: Option<String>,
    /// The job that is in the way, or that tells how it went.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "job_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    pub(crate) job_id: Option<String>,
    /// The step of the job that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) step: Option<String>,
    /// The platform's own number for what it refused; for its support. Only in a job's problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 2338)]
    pub(crate) platform_code: Option<i64>,
    /// Steps of the job that are done and stay: there is no way back from them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(crate) remaining_steps: Vec<String>,
    /// The policies under which there were too many requests, as `RateLimit-Policy` names them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(crate) violated_policies: Vec<&'static str>,
    /// The places of the request that are at fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(crate) errors: Vec<Fault>,
}

/// The URI reference that names a kind of problem.
pub(crate) fn problem_type(code: ErrorCode) -> String {
    format!("/v1/errors#{}", code.as_str())
}

/// The code in words: they are stable together.
pub(crate) fn title(code: ErrorCode) -> String {
    let words = code.as_str().replace('-', " ");
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
        .unwrap_or_default()
}

/// Whether trying again later is enough.
pub(crate) fn is_retryable(code: ErrorCode) -> bool {
    code.who_acts() == WhoActs::Retry
}
