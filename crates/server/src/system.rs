//! The real clock and the real source of identifiers.

use async_trait::async_trait;
use domain::ports::{Clock, IdSource, Instant};
use jiff::Timestamp;
use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;
use uuid::Uuid;

/// The clocks of this machine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one implementation of the port"
    )]
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        // Databases keep microseconds: a time that was stored and read again must be equal.
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    fn instant(&self) -> Instant {
        let time = clock_gettime(ClockId::Boottime);
        let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
        let nanoseconds = u32::try_from(time.tv_nsec).unwrap_or_default();
        Instant(Duration::new(seconds, nanoseconds))
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// Identifiers of version 7.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SystemIds;

impl IdSource for SystemIds {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one implementation of the port"
    )]
    fn uuid(&self) -> Uuid {
        Uuid::now_v7()
    }
}
