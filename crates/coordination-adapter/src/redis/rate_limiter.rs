//! Counting requests of all processes together. Requests are answered while Redis is silent, so nothing here waits
//! for it: this process counts alone then, against its share of each quota.

use super::RedisConfigurationError;
use super::RedisOptions;
use super::commands::Commands;
use crate::local::LocalRateLimiter;
use async_trait::async_trait;
use domain::SecretText;
use domain::ports::{Clock, CoordinationUnavailable, RateLimiter};
use domain::rate_limit::{RateDemand, RateStanding};
use redis::Script;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};
use telemetry::names::metrics as names;

const KEY_PREFIX: &str = "windlass:rate:";
/// How long Redis is left alone after it was silent.
const PAUSE: Duration = Duration::from_secs(1);

/// ARGV for each key: interval and window in microseconds. Counts in all keys or in none. Answers whether it did,
/// and for each key when the whole quota is there again, in microseconds.
static TAKE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local time = redis.call('TIME')
         local now = time[1] * 1000000 + time[2]
         local full_after, has_room = {}, 1
         for i, key in ipairs(KEYS) do
           full_after[i] = math.max(0, (redis.call('GET', key) or 0) - now)
           if full_after[i] + ARGV[2 * i - 1] > tonumber(ARGV[2 * i]) then has_room = 0 end
         end
         if has_room == 1 then
           for i, key in ipairs(KEYS) do
             full_after[i] = full_after[i] + ARGV[2 * i - 1]
             redis.call('SET', key, string.format('%.0f', now + full_after[i]),
               'PX', math.ceil(full_after[i] / 1000))
           end
         end
         return {has_room, unpack(full_after)}",
    )
});

/// Counts in Redis; alone while Redis is silent.
pub struct RedisRateLimiter {
    local: LocalRateLimiter,
    commands: Commands,
    /// How many processes share the quotas when they cannot count together.
    processes: AtomicU32,
    /// Until when Redis is left alone.
    paused_until: Mutex<Option<Instant>>,
}

impl RedisRateLimiter {
    /// How long Redis is waited for as a rule: every request waits for it, and a healthy server answers in under a
    /// millisecond.
    pub const PATIENCE: Duration = Duration::from_millis(20);

    /// Prepares it; nothing is connected yet. It counts for one process until it is told of more, and alone when
    /// Redis has not answered within the patience.
    pub fn new(
        url: &SecretText,
        clock: Arc<dyn Clock>,
        patience: Duration,
    ) -> Result<Self, RedisConfigurationError> {
        let options = RedisOptions {
            command_time_max: patience,
            ..RedisOptions::default()
        };
        Ok(Self {
            local: LocalRateLimiter::new(clock),
            commands: Commands::new(url, options, "requests are counted by each process alone")?,
            processes: AtomicU32::new(1),
            paused_until: Mutex::default(),
        })
    }

    /// How many processes share the quotas.
    pub fn set_processes(&self, processes: NonZeroU32) {
        self.processes.store(processes.get(), Ordering::Relaxed);
    }

    /// After a failure one request in each pause tries.
    fn may_ask(&self) -> bool {
        let mut paused_until = self.paused_until.lock().expect("no panic while held");
        let now = Instant::now();
        match *paused_until {
            Some(until) if now < until => false,
            Some(_) => {
                *paused_until = Some(now + PAUSE);
                true
            }
            None => true,
        }
    }

    fn note(&self, is_silent: bool) {
        let mut paused_until = self.paused_until.lock().expect("no panic while held");
        *paused_until = is_silent.then(|| Instant::now() + PAUSE);
    }

    fn take_alone(&self, demands: &[RateDemand]) -> Vec<RateStanding> {
        metrics::counter!(names::RATE_LIMITS_COUNTED_ALONE).increment(1);
        let processes = NonZeroU32::new(self.processes.load(Ordering::Relaxed));
        let share = |demand: &RateDemand| RateDemand {
            policy: demand
                .policy
                .shared_by(processes.unwrap_or(NonZeroU32::MIN)),
            subject: demand.subject.clone(),
        };
        let shares: Vec<_> = demands.iter().map(share).collect();
        self.local.take_now(&shares)
    }

    async fn take_together(
        &self,
        demands: &[RateDemand],
    ) -> Result<Vec<RateStanding>, CoordinationUnavailable> {
        let mut script = TAKE.prepare_invoke();
        for RateDemand { policy, subject } in demands {
            let scope = policy.scope.as_str();
            script
                .key(format!("{KEY_PREFIX}{scope}:{subject}"))
                .arg(microseconds(policy.interval()))
                .arg(microseconds(policy.window));
        }
        let answer: Vec<u64> = self.commands.invoke("rate", &script).await?;
        let has_room = answer.first() == Some(&1);
        let standings = demands.iter().zip(answer.into_iter().skip(1));
        Ok(standings
            .map(|(demand, full_after)| {
                let full_after = Duration::from_micros(full_after);
                if has_room {
                    demand.policy.counted(full_after)
                } else {
                    demand.policy.not_counted(full_after)
                }
            })
            .collect())
    }
}

/// Redis' clock has no shorter time, and a key that expires at once is refused.
fn microseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros())
        .unwrap_or(u64::MAX)
        .max(1)
}

#[async_trait]
impl RateLimiter for RedisRateLimiter {
    async fn take(&self, demands: &[RateDemand]) -> Vec<RateStanding> {
        if !self.may_ask() {
            return self.take_alone(demands);
        }
        // Who has used everything up here has used it up altogether.
        let here = self.local.take_now(demands);
        if here.iter().any(|standing| standing.retry_after.is_some()) {
            return here;
        }
        let together = self.take_together(demands).await;
        self.note(together.is_err());
        together.unwrap_or(here)
    }
}
