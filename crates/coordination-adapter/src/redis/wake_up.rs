//! The wake-up between processes.

use super::commands::Commands;
use super::messages::{Origin, WAKE_CHANNEL};
use crate::wake_signal::WakeSignal;
use async_trait::async_trait;
use domain::ports::WakeUp;
use std::sync::Arc;
use std::time::Duration;

/// Wakes this process directly and the others through Redis.
pub(super) struct RedisWakeUp {
    commands: Arc<Commands>,
    origin: Origin,
    signal: Arc<WakeSignal>,
}

impl RedisWakeUp {
    pub(super) fn new(commands: Arc<Commands>, origin: Origin, signal: Arc<WakeSignal>) -> Self {
        Self {
            commands,
            origin,
            signal,
        }
    }
}

#[async_trait]
impl WakeUp for RedisWakeUp {
    async fn wake(&self) {
        self.signal.wake();
        // An outage has been told already, and the others poll.
        drop(
            self.commands
                .publish(WAKE_CHANNEL, self.origin.as_str())
                .await,
        );
    }

    async fn wait(&self, at_most: Duration) {
        self.signal.wait(at_most).await;
    }
}
