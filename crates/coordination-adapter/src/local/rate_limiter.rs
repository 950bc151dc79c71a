//! Counting requests in this process.

use async_trait::async_trait;
use domain::ports::{Clock, Instant, RateLimiter};
use domain::rate_limit::{RateDemand, RateScope, RateStanding};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// So many subjects may stand in the book before those with a whole quota are looked for.
const SUBJECTS_BEFORE_SWEEP: usize = 1024;

/// Counts in this process. Forgets who has their whole quota again.
pub struct LocalRateLimiter {
    clock: Arc<dyn Clock>,
    books: Mutex<HashMap<RateScope, Book>>,
}

/// When each subject of a scope has its whole quota again.
struct Book {
    full_at: HashMap<String, Instant>,
    sweep_at: usize,
}

impl Default for Book {
    fn default() -> Self {
        Self {
            full_at: HashMap::new(),
            sweep_at: SUBJECTS_BEFORE_SWEEP,
        }
    }
}

impl Book {
    fn full_after(&self, subject: &str, now: Instant) -> Duration {
        let full_at = self.full_at.get(subject);
        full_at.map_or(Duration::ZERO, |full_at| now.until(*full_at))
    }

    fn write(&mut self, subject: &str, now: Instant, full_after: Duration) {
        let full_at = now.plus(full_after);
        if let Some(known) = self.full_at.get_mut(subject) {
            *known = full_at;
            return;
        }
        if self.full_at.len() >= self.sweep_at {
            self.full_at.retain(|_, full_at| *full_at > now);
            self.sweep_at = SUBJECTS_BEFORE_SWEEP.max(2 * self.full_at.len());
        }
        self.full_at.insert(subject.to_owned(), full_at);
    }
}

impl LocalRateLimiter {
    /// Nobody has asked for anything yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            books: Mutex::default(),
        }
    }

    /// The same as [`RateLimiter::take`], at once.
    pub(crate) fn take_now(&self, demands: &[RateDemand]) -> Vec<RateStanding> {
        let now = self.clock.instant();
        let mut books = self.books.lock().expect("no panic while held");
        let mut full_after = |demand: &RateDemand| {
            let book = books.entry(demand.policy.scope).or_default();
            book.full_after(&demand.subject, now)
        };
        let before: Vec<Duration> = demands.iter().map(&mut full_after).collect();
        let has_room = demands
            .iter()
            .zip(&before)
            .all(|(demand, full_after)| demand.policy.has_room(*full_after));
        let standings = demands.iter().zip(before);
        standings
            .map(|(demand, before)| {
                let policy = &demand.policy;
                if !has_room {
                    return policy.not_counted(before);
                }
                let full_after = before + policy.interval();
                let book = books.entry(policy.scope).or_default();
                book.write(&demand.subject, now, full_after);
                policy.counted(full_after)
            })
            .collect()
    }

    #[cfg(test)]
    fn subjects(&self, scope: RateScope) -> usize {
        let books = self.books.lock().unwrap();
        books.get(&scope).map_or(0, |book| book.full_at.len())
    }
}

#[async_trait]
impl RateLimiter for LocalRateLimiter {
    async fn take(&self, demands: &[RateDemand]) -> Vec<RateStanding> {
        self.take_now(demands)
    }
}

#[cfg(test)]
mod tests {
    use super::{LocalRateLimiter, SUBJECTS_BEFORE_SWEEP};
    use domain::rate_limit::{RateDemand, RatePolicy, RateScope};
    use std::num::NonZeroU32;
    use std::sync::Arc;
    use std::time::Duration;
    use testkit::clocks::ManualClock;

    #[test]
    fn who_has_the_whole_quota_again_is_forgotten() {
        let clock = Arc::new(ManualClock::new());
        let limiter = LocalRateLimiter::new(clock.clone());
        let demand = |subject: usize| RateDemand {
            policy: RatePolicy {
                scope: RateScope::Address,
                quota: NonZeroU32::MIN,
                window: Duration::from_mins(1),
            },
            subject: subject.to_string(),
        };
        for subject in 0..SUBJECTS_BEFORE_SWEEP {
            limiter.take_now(&[demand(subject)]);
        }
        clock.advance(Duration::from_secs(59));
        limiter.take_now(&[demand(SUBJECTS_BEFORE_SWEEP)]);
        assert_eq!(
            limiter.subjects(RateScope::Address),
            SUBJECTS_BEFORE_SWEEP + 1,
            "those who have used something up are kept"
        );
        clock.advance(Duration::from_secs(1));
        for subject in 0..SUBJECTS_BEFORE_SWEEP {
            limiter.take_now(&[demand(2 * SUBJECTS_BEFORE_SWEEP + subject)]);
        }
        assert!(limiter.subjects(RateScope::Address) <= SUBJECTS_BEFORE_SWEEP + 1);
    }
}
