//! How much of the lease on a job is left, and whether the process is asked to stop.

use domain::ports::Instant;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// The lease on one job, shared by its run and the heartbeat that renews it.
///
/// The end is counted on our own clock from *before* the renewal was sent, so it is never later than
/// what the database counts.
#[derive(Debug, Default)]
pub struct Lease {
    held_until_microseconds: AtomicU64,
    is_lost: AtomicBool,
}

impl Lease {
    /// A renewal succeeded: the lease lasts until then.
    pub fn renewed_until(&self, end: Instant) {
        let end = u64::try_from(end.0.as_micros()).unwrap_or(u64::MAX);
        self.held_until_microseconds
            .fetch_max(end, Ordering::AcqRel);
    }

    /// Somebody else holds the job.
    pub fn lose(&self) {
        self.is_lost.store(true, Ordering::Release);
    }

    /// Whether somebody else holds the job.
    pub fn is_lost(&self) -> bool {
        self.is_lost.load(Ordering::Acquire)
    }

    /// How much is left.
    pub fn left(&self, now: Instant) -> Duration {
        let end = Duration::from_micros(self.held_until_microseconds.load(Ordering::Acquire));
        now.until(Instant(end))
    }
}

/// Asks runs to give their job back at the next boundary.
#[derive(Debug, Default)]
pub struct StopSignal(AtomicBool);

impl StopSignal {
    /// Asks.
    pub fn raise(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether it was asked.
    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}
