//! What the store knows about how the whole installation is doing.

use super::StoreError;
use crate::job::JobState;
use async_trait::async_trait;
use std::time::Duration;

/// How the installation is doing, as far as rows tell. Ages are by the store's clock.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoreFigures {
    /// How many jobs are in each state that is no end; states without a job may be absent.
    pub jobs: Vec<(JobState, u64)>,
    /// How long the job that has been due for longest has been due, of those that nobody holds and that are first in
    /// all of their lines: a worker could have taken it. None when there is none.
    pub oldest_due_job: Option<Duration>,
    /// Messages to webhooks that wait to be sent.
    pub waiting_messages: u64,
    /// How long the message that has been due for longest has been due.
    pub oldest_due_message: Option<Duration>,
    /// How long ago the last sync ended, of the team with a connected account for which it is longest; teams whose
    /// first sync has not ended are not counted.
    pub oldest_sync: Option<Duration>,
}

/// How busy connections to the store are, in this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolLoad {
    /// Which connections, one of a closed set.
    pub pool: &'static str,
    /// Most that there may be.
    pub size: usize,
    /// In use just now; none where nobody counts.
    pub used: Option<usize>,
    /// Requests that wait for one.
    pub waiting: usize,
}

/// Looks at the store from above. Nothing of it belongs to a team.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait StoreStatistics: Send + Sync {
    /// The figures now. Read every few seconds, so it costs no more with more finished jobs.
    async fn read_figures(&self) -> Result<StoreFigures, StoreError>;
    /// How busy the connections of this process are.
    fn pool_loads(&self) -> Vec<PoolLoad>;
}
