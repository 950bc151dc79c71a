//! Counting attempts, so that guessing is slow. In SQL, so that it holds over restarts and replicas.

use crate::ports::StoreError;
use async_trait::async_trait;
use std::time::Duration;

/// Counters of attempts by subject (an account, an address), over a window of time.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait LoginThrottleStore: Send {
    /// Counts one more attempt and says for how long the subject has to wait when it has had more than
    /// `limit` within `window` by the database's clock; `None` when it may go on. The count is raised
    /// before the attempt is looked at, so that attempts at once all count.
    async fn count_attempt(
        &mut self,
        subject: &str,
        limit: i64,
        window: Duration,
    ) -> Result<Option<Duration>, StoreError>;
    /// Forgets the attempts of a subject that succeeded.
    async fn forget_attempts(&mut self, subject: &str) -> Result<(), StoreError>;
}
