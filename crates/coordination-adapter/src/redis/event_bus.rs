//! The event bus between processes.

use super::commands::Commands;
use super::messages::{JOBS_CHANNEL, Origin};
use crate::notice_board::NoticeBoard;
use async_trait::async_trait;
use domain::ports::{EventBus, EventSubscription, JobChanged};
use std::sync::Arc;

/// Tells listeners of this process directly and the others through Redis.
pub(super) struct RedisEventBus {
    commands: Arc<Commands>,
    origin: Origin,
    board: Arc<NoticeBoard>,
}

impl RedisEventBus {
    pub(super) fn new(commands: Arc<Commands>, origin: Origin, board: Arc<NoticeBoard>) -> Self {
        Self {
            commands,
            origin,
            board,
        }
    }
}

#[async_trait]
impl EventBus for RedisEventBus {
    async fn publish(&self, notice: JobChanged) {
        self.board.post(notice);
        let message = self.origin.message_about(notice);
        // An outage has been told already, and the others poll.
        drop(self.commands.publish(JOBS_CHANNEL, &message).await);
    }

    fn subscribe(&self) -> Box<dyn EventSubscription> {
        self.board.subscribe()
    }
}
