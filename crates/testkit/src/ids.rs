//! Sources of identifiers: one that tests can foresee, and one for tests across processes.

use domain::ports::IdSource;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

#[cfg(test)]
mod tests;

/// 2026-01-01T00:00:00Z, the time inside every sequential id.
const TIME_MILLISECONDS: u64 = 1_767_225_600_000;

/// Gives UUIDv7s that differ in a counter only, so that runs repeat exactly and ids sort in the order
/// they were made in.
#[derive(Debug)]
pub struct SequentialIds {
    next: AtomicU64,
}

impl SequentialIds {
    /// Counts from 1.
    pub fn new() -> Self {
        Self::starting_at(1)
    }

    /// Counts from `first`, for a second source whose ids must not meet those of another.
    pub fn starting_at(first: u64) -> Self {
        Self {
            next: AtomicU64::new(first),
        }
    }
}

impl Default for SequentialIds {
    fn default() -> Self {
        Self::new()
    }
}

impl IdSource for SequentialIds {
    fn uuid(&self) -> Uuid {
        let counter = self.next.fetch_add(1, Ordering::Relaxed);
        let mut random = [0; 10];
        random[2..].copy_from_slice(&counter.to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(TIME_MILLISECONDS, &random).into_uuid()
    }
}

/// Gives real UUIDv7s, for tests in which several processes share a store.
#[derive(Debug, Default)]
pub struct RandomIds;

impl IdSource for RandomIds {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is an IdSource itself, for tests across processes"
    )]
    fn uuid(&self) -> Uuid {
        Uuid::now_v7()
    }
}
