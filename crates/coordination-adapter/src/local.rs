//! Coordination inside one process, for an installation without Redis. Nothing of it reaches another
//! process.

mod lock;
mod rate_limiter;

pub use rate_limiter::LocalRateLimiter;

use crate::notice_board::NoticeBoard;
use crate::wake_signal::WakeSignal;
use async_trait::async_trait;
use domain::ports::{EventBus, EventSubscription, JobChanged, TeamLock, WakeUp};
use lock::LocalTeamLock;
use std::sync::Arc;
use std::time::Duration;

/// Lock, wake-up and event bus of one process.
pub struct LocalCoordination {
    team_lock: Arc<LocalTeamLock>,
    wake_up: Arc<LocalWakeUp>,
    event_bus: Arc<LocalEventBus>,
}

impl LocalCoordination {
    /// Nothing locked, nobody waiting.
    pub fn new() -> Self {
        Self {
            team_lock: Arc::new(LocalTeamLock::new()),
            wake_up: Arc::new(LocalWakeUp(WakeSignal::new())),
            event_bus: Arc::new(LocalEventBus(NoticeBoard::new())),
        }
    }

    /// The lock.
    pub fn team_lock(&self) -> Arc<dyn TeamLock> {
        Arc::<LocalTeamLock>::clone(&self.team_lock)
    }

    /// The wake-up.
    pub fn wake_up(&self) -> Arc<dyn WakeUp> {
        Arc::<LocalWakeUp>::clone(&self.wake_up)
    }

    /// The event bus.
    pub fn event_bus(&self) -> Arc<dyn EventBus> {
        Arc::<LocalEventBus>::clone(&self.event_bus)
    }
}

impl Default for LocalCoordination {
    fn default() -> Self {
        Self::new()
    }
}

struct LocalWakeUp(WakeSignal);

#[async_trait]
impl WakeUp for LocalWakeUp {
    async fn wake(&self) {
        self.0.wake();
    }

    async fn wait(&self, at_most: Duration) {
        self.0.wait(at_most).await;
    }
}

struct LocalEventBus(NoticeBoard);

#[async_trait]
impl EventBus for LocalEventBus {
    async fn publish(&self, notice: JobChanged) {
        self.0.post(notice);
    }

    fn subscribe(&self) -> Box<dyn EventSubscription> {
        self.0.subscribe()
    }
}
