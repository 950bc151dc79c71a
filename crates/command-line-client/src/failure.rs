//! Why a command did not do what it was asked for.

use crate::exit_code::Ending;
use serde_json::Value;

/// A failure, in a line for a person.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Nobody has logged in here.
    #[error("log in first: `windlass login --server URL`, with the API token on standard input")]
    NotLoggedIn,
    /// The stored login cannot be read or written.
    #[error("{0}")]
    Login(String),
    /// A word on the command line is wrong.
    #[error("{0}")]
    Usage(String),
    /// The server answered no.
    #[error("{}", of_problem(.problem))]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The problem document, if it was one.
        problem: Value,
    },
    /// No answer, or none that can be read.
    #[error("the server does not answer: {0}")]
    Unreachable(String),
    /// What was waited for did not come in time.
    #[error("it has not ended yet; look again with `windlass job watch {job}`")]
    TimedOut {
        /// The job.
        job: String,
    },
}

impl Failure {
    pub(crate) fn exit_code(&self) -> Ending {
        match self {
            Self::NotLoggedIn => Ending::Unauthorised,
            Self::Login(_) | Self::Usage(_) => Ending::Usage,
            Self::Refused { status, .. } => Ending::of_status(*status),
            Self::Unreachable(_) => Ending::Failed,
            Self::TimedOut { .. } => Ending::TimedOut,
        }
    }
}

/// Code, sentence, the places at fault and the request, which its operators find in their logs.
fn of_problem(problem: &Value) -> String {
    let text = |name: &str| problem[name].as_str().unwrap_or_default();
    let mut parts = vec![format!("{}: {}", text("code"), text("detail"))];
    for fault in problem["errors"].as_array().into_iter().flatten() {
        let pointer = fault["pointer"].as_str().unwrap_or_default();
        let detail = fault["detail"].as_str().unwrap_or_default();
        parts.push(format!("`{pointer}` {detail}"));
    }
    let line = parts.join("; ");
    match text("request_id") {
        "" => line,
        request => format!("{line} ({request})"),
    }
}

#[cfg(test)]
mod tests {
    use super::Failure;
    use serde_json::json;

    #[test]
    fn a_problem_is_told_in_one_line_with_what_is_at_fault() {
        let failure = Failure::Refused {
            status: 422,
            problem: json!({
                "code": "validation-failed",
                "detail": "a value is not acceptable",
                "request_id": "req_1",
                "errors": [{"pointer": "/name", "detail": "is required"}],
            }),
        };
        assert_eq!(
            failure.to_string(),
            "validation-failed: a value is not acceptable; `/name` is required (req_1)"
        );
        assert_eq!(failure.exit_code() as u8, 2);
    }
}
