//! What runs on the platform, and what ran.

use super::PlatformReadError;
use crate::ids::StepAttemptId;
use crate::platform_account::PlatformAccountRef;
use async_trait::async_trait;
use jiff::Timestamp;

/// An action that the platform's tracking knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackedAction {
    /// The attempt that caused it, when it was one of ours.
    pub attempt: Option<StepAttemptId>,
    /// The environment it is about.
    pub short_domain: Option<String>,
    /// The result code; `None` while it runs.
    pub result: Option<i64>,
    /// When it began, when the platform says.
    pub started_at: Option<Timestamp>,
}

/// What runs on the platform, and what ran.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait PlatformTracking: Send + Sync {
    /// The actions that run now in the account.
    async fn list_running_actions(
        &self,
        account: &PlatformAccountRef,
    ) -> Result<Vec<TrackedAction>, PlatformReadError>;
    /// The tracked actions of one attempt, running or finished.
    async fn find_actions_of(
        &self,
        account: &PlatformAccountRef,
        attempt: StepAttemptId,
        since: Timestamp,
    ) -> Result<Vec<TrackedAction>, PlatformReadError>;
}
