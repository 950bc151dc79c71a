//! The wake-up inside one process. It knows nothing of other processes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::watch;

#[cfg(test)]
mod tests;

/// Counts wake-ups. Whoever waits compares with the count that was last answered, so a wake-up that
/// finds nobody waiting is kept for the next one who does.
pub(crate) struct WakeSignal {
    wakes: watch::Sender<u64>,
    answered: AtomicU64,
}

impl WakeSignal {
    pub(crate) fn new() -> Self {
        Self {
            wakes: watch::Sender::new(0),
            answered: AtomicU64::new(0),
        }
    }

    /// Wakes everybody who waits; when nobody does, the next one who would.
    pub(crate) fn wake(&self) {
        self.wakes.send_modify(|count| *count += 1);
    }

    /// Cancel-safe: a wake-up counts as answered only when this returns.
    pub(crate) async fn wait(&self, at_most: Duration) {
        let answered = self.answered.load(Ordering::Acquire);
        let mut wakes = self.wakes.subscribe();
        let woken = wakes.wait_for(|count| *count > answered);
        if let Ok(Ok(count)) = tokio::time::timeout(at_most, woken).await {
            self.answered.fetch_max(*count, Ordering::AcqRel);
        }
    }
}
