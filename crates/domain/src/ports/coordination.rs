//! Coordination in front of the database: a contention filter, wake-ups and change notices. None of
//! them is ever the authority; the rows are.

use crate::ids::{JobId, TeamId};
use crate::turn::TurnScope;
use async_trait::async_trait;
use std::time::Duration;

/// The coordination service does not answer. Mutations wait; nothing falls back to another path.
#[derive(Debug, thiserror::Error)]
#[error("the coordination service is unavailable")]
pub struct CoordinationUnavailable(#[source] pub super::BoxedSource);

/// A lock on some turns, taken while a worker runs a step.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait TeamLock: Send + Sync {
    /// Takes the lock on all scopes or on none. `None` when somebody else has one of them. The lock
    /// ends by itself after `time_to_live` unless it is extended.
    async fn acquire(
        &self,
        scopes: &[TurnScope],
        time_to_live: Duration,
    ) -> Result<Option<Box<dyn TeamLockGuard>>, CoordinationUnavailable>;
}

/// A lock that is held. Dropping it without [`TeamLockGuard::release`] leaves it to its end of life.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait TeamLockGuard: Send + Sync {
    /// Makes it last `time_to_live` from now; `false` when it was lost.
    async fn extend(&self, time_to_live: Duration) -> Result<bool, CoordinationUnavailable>;
    /// Gives it up; only ever removes its own, by token.
    async fn release(self: Box<Self>);
}

/// Tells workers that something may have become due.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait WakeUp: Send + Sync {
    /// Wakes the waiting workers of all processes. Best effort: failures are logged, polling is the
    /// safety net.
    async fn wake(&self);
    /// Returns after a wake-up that came since the last call, or after `at_most`. Cancel-safe; a
    /// wake-up between two calls is not lost.
    async fn wait(&self, at_most: Duration);
}

/// A job has changed: its row or its log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct JobChanged {
    /// The team.
    pub team_id: TeamId,
    /// The job.
    pub job_id: JobId,
}

/// Spreads change notices to all processes. A notice only wakes: the reader reads the rows, and
/// polls once a second besides.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait EventBus: Send + Sync {
    /// Spreads a notice. Best effort.
    async fn publish(&self, notice: JobChanged);
    /// Listens from now on.
    fn subscribe(&self) -> Box<dyn EventSubscription>;
}

/// One listener.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait EventSubscription: Send {
    /// Returns when the job has changed (or may have: a listener that fell behind is woken too), or
    /// after `at_most`. Cancel-safe.
    async fn changed(&mut self, job: JobId, at_most: Duration);
    /// The same for any job of the team.
    async fn team_changed(&mut self, team: TeamId, at_most: Duration);
}
