//! The retry budget of one host: in an outage the retries must not multiply the load. Every read
//! earns a fraction of a retry, and a small reserve serves quiet times, so that over a few hundred
//! reads at most one in ten is sent again.

use std::sync::{Mutex, PoisonError};

#[cfg(test)]
mod tests;

/// What one read earns, in hundredths of a retry.
const EARNED_HUNDREDTHS: u32 = 8;
/// The most that is saved up, and what a host starts with, in hundredths of a retry.
const RESERVE_HUNDREDTHS: u32 = 500;
const RETRY_HUNDREDTHS: u32 = 100;

/// The budget.
pub(super) struct RetryBudget {
    hundredths: Mutex<u32>,
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self {
            hundredths: Mutex::new(RESERVE_HUNDREDTHS),
        }
    }
}

impl RetryBudget {
    /// A read begins.
    pub(super) fn deposit(&self) {
        let mut saved = self
            .hundredths
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *saved = (*saved + EARNED_HUNDREDTHS).min(RESERVE_HUNDREDTHS);
    }

    /// Whether one more retry may be sent.
    pub(super) fn withdraw(&self) -> bool {
        let mut saved = self
            .hundredths
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let is_enough = *saved >= RETRY_HUNDREDTHS;
        if is_enough {
            *saved -= RETRY_HUNDREDTHS;
        }
        is_enough
    }
}
