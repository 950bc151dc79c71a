//! How a use case says no: a stable code, a sentence for the client, and a cause for the log.

use domain::access::PermissionDenied;
use domain::error_code::ErrorCode;
use domain::ids::JobId;
use domain::names::NameError;
use domain::ports::{BoxedSource, StoreError, VaultError};
use std::time::Duration;

/// A refused or failed use case. The cause never reaches the client.
#[derive(Debug, thiserror::Error)]
#[error("{}: {detail}", code.as_str())]
pub struct UseCaseError {
    code: ErrorCode,
    detail: String,
    pointer: Option<&'static str>,
    job_id: Option<JobId>,
    retry_after: Option<Duration>,
    #[source]
    cause: Option<BoxedSource>,
}

impl UseCaseError {
    /// A refusal with a sentence for the client.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            pointer: None,
            job_id: None,
            retry_after: None,
            cause: None,
        }
    }

    /// The field of the request that is at fault, as a JSON pointer.
    #[must_use]
    pub fn at(mut self, pointer: &'static str) -> Self {
        self.pointer = Some(pointer);
        self
    }

    /// The job that is in the way, or that tells how it went.
    #[must_use]
    pub fn with_job(mut self, job_id: JobId) -> Self {
        self.job_id = Some(job_id);
        self
    }

    /// How long to wait before trying again.
    #[must_use]
    pub fn after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// What lies behind it, for the log.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<BoxedSource>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// A value that does not parse.
    pub fn invalid_name(pointer: &'static str, error: &NameError) -> Self {
        Self::new(ErrorCode::ValidationFailed, error.rule()).at(pointer)
    }

    /// Nothing there, or nothing the caller may know of: one answer for both.
    pub fn not_found() -> Self {
        Self::new(ErrorCode::NotFound, "there is no such resource")
    }

    /// The stable code.
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// The sentence for the client.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The field at fault.
    pub fn pointer(&self) -> Option<&'static str> {
        self.pointer
    }

    /// The job it is about.
    pub fn job_id(&self) -> Option<JobId> {
        self.job_id
    }

    /// How long to wait before trying again, when that is known.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }
}

impl From<PermissionDenied> for UseCaseError {
    fn from(denied: PermissionDenied) -> Self {
        if denied.is_team_suspended {
            return Self::new(
                ErrorCode::TeamSuspended,
                "the team is suspended; ask those who run the service",
            );
        }
        Self::new(
            ErrorCode::PermissionDenied,
            format!("this needs the permission `{}`", denied.permission.as_str()),
        )
    }
}

impl From<StoreError> for UseCaseError {
    fn from(error: StoreError) -> Self {
        let (code, detail) = match &error {
            StoreError::Busy | StoreError::Unavailable(_) | StoreError::VersionChanged => (
                ErrorCode::TemporarilyUnavailable,
                "the store did not take the request; nothing was done, try again",
            ),
            StoreError::Conflict(_) | StoreError::Inconsistent { .. } => {
                (ErrorCode::InternalError, "an internal error occurred")
            }
        };
        Self::new(code, detail).caused_by(error)
    }
}

impl From<VaultError> for UseCaseError {
    fn from(error: VaultError) -> Self {
        Self::new(ErrorCode::InternalError, "an internal error occurred").caused_by(error)
    }
}
