//! The clock by which simulated work takes time: it runs like a wall clock, or is frozen and
//! moved by hand.
//!
//! It must not know what is being waited for.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

/// A clock that tests can freeze and move. Clones show the same time.
///
/// It starts at the wall-clock time and runs. Moving it backwards is not possible.
#[derive(Clone, Debug)]
pub struct SimulatorClock {
    reading: Arc<watch::Sender<Reading>>,
}

#[derive(Clone, Copy, Debug)]
struct Reading {
    base_ms: u64,
    running_since: Option<Instant>,
}

impl Reading {
    fn now_ms(self) -> u64 {
        let elapsed = self
            .running_since
            .map_or(Duration::ZERO, |since| since.elapsed());
        self.base_ms.saturating_add(whole_milliseconds(elapsed))
    }
}

impl SimulatorClock {
    /// A running clock that shows the wall-clock time.
    pub fn starting_now() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "the simulator depends on nothing of ours: this type is its clock port"
        )]
        let wall_ms = jiff::Timestamp::now().as_millisecond();
        let reading = Reading {
            base_ms: u64::try_from(wall_ms).unwrap_or(0),
            running_since: Some(Instant::now()),
        };
        Self {
            reading: Arc::new(watch::Sender::new(reading)),
        }
    }

    /// Milliseconds since 1970-01-01 UTC by this clock.
    pub fn now_ms(&self) -> u64 {
        self.reading.borrow().now_ms()
    }

    /// Stops the clock: from now on only [`SimulatorClock::advance`] moves it. Idempotent.
    pub fn freeze(&self) {
        self.reading.send_modify(|reading| {
            *reading = Reading {
                base_ms: reading.now_ms(),
                running_since: None,
            };
        });
    }

    /// Lets a frozen clock run again from where it stands. Idempotent.
    pub fn resume(&self) {
        self.reading.send_modify(|reading| {
            if reading.running_since.is_none() {
                reading.running_since = Some(Instant::now());
            }
        });
    }

    /// Moves the clock forward, frozen or running; sleepers whose time has come wake up.
    pub fn advance(&self, step: Duration) {
        self.reading.send_modify(|reading| {
            reading.base_ms = reading.base_ms.saturating_add(whole_milliseconds(step));
        });
    }

    /// Returns when the clock shows `deadline_ms` or more; at once when it already does.
    pub async fn sleep_until(&self, deadline_ms: u64) {
        let mut changes = self.reading.subscribe();
        loop {
            let reading = *changes.borrow_and_update();
            let left_ms = deadline_ms.saturating_sub(reading.now_ms());
            if left_ms == 0 {
                return;
            }
            if reading.running_since.is_none() {
                if changes.changed().await.is_err() {
                    return;
                }
                continue;
            }
            tokio::select! {
                () = tokio::time::sleep(Duration::from_millis(left_ms)) => {}
                changed = changes.changed() => if changed.is_err() { return },
            }
        }
    }
}

pub(crate) fn whole_milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
