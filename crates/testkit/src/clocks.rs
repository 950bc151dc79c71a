//! Clocks: one that stands still until the test moves it, and the machine's.

use async_trait::async_trait;
use domain::ports::{Clock, Instant};
use jiff::Timestamp;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::watch;

#[cfg(test)]
mod tests;

/// Where manual clocks begin: 2026-01-01T00:00:00Z.
const BEGINNING_SECONDS: i64 = 1_767_225_600;

/// A clock that only moves when it is told to. Sleepers wake when their time has come.
#[derive(Debug)]
pub struct ManualClock {
    elapsed: watch::Sender<Duration>,
    sleepers: AtomicUsize,
}

impl ManualClock {
    /// A clock that stands at 2026-01-01T00:00:00Z.
    pub fn new() -> Self {
        Self {
            elapsed: watch::Sender::new(Duration::ZERO),
            sleepers: AtomicUsize::new(0),
        }
    }

    /// Moves the clock forward and wakes who slept long enough.
    pub fn advance(&self, duration: Duration) {
        self.elapsed.send_modify(|elapsed| *elapsed += duration);
    }

    /// How many tasks sleep on this clock now: wait for that before you advance it.
    pub fn sleepers(&self) -> usize {
        self.sleepers.load(Ordering::SeqCst)
    }

    fn elapsed(&self) -> Duration {
        *self.elapsed.borrow()
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new()
    }
}

/// Counts a sleeper, also one that is cancelled.
struct Sleeping<'a>(&'a AtomicUsize);

impl<'a> Sleeping<'a> {
    fn begin(sleepers: &'a AtomicUsize) -> Self {
        sleepers.fetch_add(1, Ordering::SeqCst);
        Self(sleepers)
    }
}

impl Drop for Sleeping<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        let beginning =
            Timestamp::from_second(BEGINNING_SECONDS).expect("the beginning is a timestamp");
        beginning
            .checked_add(self.elapsed())
            .expect("no test moves the clock thousands of years")
    }

    fn instant(&self) -> Instant {
        Instant(self.elapsed())
    }

    async fn sleep(&self, duration: Duration) {
        let wake_at = self.elapsed() + duration;
        // Subscribed before it is counted, so that who sees the sleeper can wake it.
        let mut elapsed = self.elapsed.subscribe();
        let sleeping = Sleeping::begin(&self.sleepers);
        elapsed
            .wait_for(|elapsed| *elapsed >= wake_at)
            .await
            .expect("the clock outlives those who borrow it");
        drop(sleeping);
    }
}

/// The machine's clock, for tests with real servers.
#[derive(Debug, Default)]
pub struct SystemTestClock;

#[async_trait]
impl Clock for SystemTestClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is a Clock itself, for tests with real servers"
    )]
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        Timestamp::from_microsecond(now.as_microsecond()).expect("cutting digits stays in range")
    }

    fn instant(&self) -> Instant {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        let seconds = u64::try_from(time.tv_sec).expect("uptime is not negative");
        let nanoseconds = u32::try_from(time.tv_nsec).expect("a fraction of a second fits");
        Instant(Duration::new(seconds, nanoseconds))
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
