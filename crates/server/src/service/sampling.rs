//! Shows as metrics what nobody reports because it is a state and no event: queues, pools, ages, and whether what is
//! needed works. Every process does it, so that who looks at any of them sees a dead worker, too.

use api::ReadinessCheck;
use coordination_adapter::RedisCoordination;
use custody_adapter::PasswordThreads;
use domain::job::JobState;
use domain::ports::{StoreFigures, StoreStatistics};
use std::sync::Arc;
use std::time::Duration;
use telemetry::names::metrics as names;
use tokio_util::sync::CancellationToken;

/// Looked at this often.
const INTERVAL: Duration = Duration::from_secs(5);
/// No answer after that is none.
const PATIENCE: Duration = Duration::from_secs(2);
/// The check of the store, by the name that `/readyz` has for it.
const STORE: &str = "store";

/// What is looked at.
pub(super) struct Sampling {
    pub(super) statistics: Arc<dyn StoreStatistics>,
    pub(super) passwords: Arc<PasswordThreads>,
    pub(super) redis: Option<Arc<RedisCoordination>>,
    pub(super) checks: Vec<ReadinessCheck>,
}

impl Sampling {
    /// Looks until `shutdown`.
    pub(super) async fn run(self, shutdown: CancellationToken) {
        let mut interval = tokio::time::interval(INTERVAL);
        interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut next = async || shutdown.run_until_cancelled(interval.tick()).await;
        while next().await.is_some() {
            self.sample().await;
        }
    }

    async fn sample(&self) {
        let figures = tokio::time::timeout(PATIENCE, self.statistics.read_figures()).await;
        let figures = figures.ok().and_then(Result::ok);
        set_check(STORE, figures.is_some());
        if let Some(figures) = figures {
            show(&figures);
        }
        for check in &self.checks {
            let works = tokio::time::timeout(PATIENCE, (check.probe)()).await;
            set_check(check.name, works.unwrap_or(false));
        }
        for load in self.statistics.pool_loads() {
            let parts = [
                ("size", Some(load.size)),
                ("used", load.used),
                ("waiting", Some(load.waiting)),
            ];
            for (state, count) in parts {
                let Some(count) = count else { continue };
                metrics::gauge!(
                    names::STORE_CONNECTIONS,
                    names::LABEL_POOL => load.pool,
                    names::LABEL_STATE => state,
                )
                .set(real(count));
            }
        }
        if let Some(redis) = &self.redis {
            for (state, count) in redis.pool_load() {
                metrics::gauge!(names::REDIS_CONNECTIONS, names::LABEL_STATE => state)
                    .set(real(count));
            }
        }
        let load = self.passwords.load();
        for (state, count) in [("running", load.running), ("waiting", load.waiting)] {
            metrics::gauge!(names::PASSWORD_HASHES, names::LABEL_STATE => state).set(real(count));
        }
    }
}

fn show(figures: &StoreFigures) {
    let states = JobState::ALL.iter().filter(|state| !state.is_final());
    for state in states {
        let found = figures.jobs.iter().find(|(it, _)| it == state);
        let count = found.map_or(0, |(_, count)| *count);
        metrics::gauge!(names::JOBS_LIVE, names::LABEL_STATE => state.as_str()).set(real(count));
    }
    let ages = [
        (names::JOBS_OLDEST_AGE, figures.oldest_due_job),
        (names::WEBHOOK_LAG, figures.oldest_due_message),
        (names::RECORDS_AGE, figures.oldest_sync),
    ];
    for (name, age) in ages {
        metrics::gauge!(name).set(age.unwrap_or_default().as_secs_f64());
    }
    metrics::gauge!(names::WEBHOOK_MESSAGES_WAITING).set(real(figures.waiting_messages));
}

/// Shows whether something that is needed works.
pub(super) fn set_check(check: &'static str, works: bool) {
    metrics::gauge!(names::CHECK_UP, names::LABEL_CHECK => check).set(f64::from(u8::from(works)));
}

/// Counts here are far below where a float loses ones.
pub(super) fn real(count: impl TryInto<u32>) -> f64 {
    f64::from(count.try_into().unwrap_or(u32::MAX))
}
