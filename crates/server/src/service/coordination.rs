//! Redis when it is configured, in-process coordination otherwise.

use super::{Role, StartError};
use crate::configuration::Configuration;
use api::ReadinessCheck;
use coordination_adapter::{
    LocalCoordination, LocalRateLimiter, RedisCoordination, RedisOptions, RedisRateLimiter,
};
use domain::ports::{Clock, EventBus, ProcessRegistry as _, RateLimiter, TeamLock, WakeUp};
use futures::FutureExt as _;
use persistence_adapter::Database;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often it is looked how many processes answer requests.
const LOOK_AT_PROCESSES: Duration = Duration::from_secs(3);

/// The coordination of this process.
pub(super) enum Coordination {
    Redis(Arc<RedisCoordination>, Arc<RedisRateLimiter>),
    Local(LocalCoordination, Arc<LocalRateLimiter>),
}

impl Coordination {
    /// Redis need not answer yet: until it does, mutations wait.
    pub(super) fn start(
        configuration: &Configuration,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StartError> {
        let Some(url) = &configuration.redis_url else {
            let limiter = Arc::new(LocalRateLimiter::new(clock));
            return Ok(Self::Local(LocalCoordination::new(), limiter));
        };
        let redis = RedisCoordination::connect(url, RedisOptions::default())?;
        let limiter = RedisRateLimiter::new(url, clock, RedisRateLimiter::PATIENCE)?;
        Ok(Self::Redis(Arc::new(redis), Arc::new(limiter)))
    }

    pub(super) fn team_lock(&self) -> Arc<dyn TeamLock> {
        match self {
            Self::Redis(redis, _) => redis.team_lock(),
            Self::Local(local, _) => local.team_lock(),
        }
    }

    pub(super) fn wake_up(&self) -> Arc<dyn WakeUp> {
        match self {
            Self::Redis(redis, _) => redis.wake_up(),
            Self::Local(local, _) => local.wake_up(),
        }
    }

    pub(super) fn event_bus(&self) -> Arc<dyn EventBus> {
        match self {
            Self::Redis(redis, _) => redis.event_bus(),
            Self::Local(local, _) => local.event_bus(),
        }
    }

    pub(super) fn rate_limiter(&self) -> Arc<dyn RateLimiter> {
        match self {
            Self::Redis(_, limiter) => Arc::<RedisRateLimiter>::clone(limiter),
            Self::Local(_, limiter) => Arc::<LocalRateLimiter>::clone(limiter),
        }
    }

    /// The connections to Redis, where there are any.
    pub(super) fn redis(&self) -> Option<Arc<RedisCoordination>> {
        match self {
            Self::Redis(redis, _) => Some(Arc::clone(redis)),
            Self::Local(..) => None,
        }
    }

    /// Keeps the share of each quota right that a process has while Redis is silent. Returns at shutdown.
    pub(super) async fn share_quotas(
        limiter: Arc<RedisRateLimiter>,
        database: Database,
        shutdown: CancellationToken,
    ) {
        loop {
            match database.list_living().await {
                Ok(living) => {
                    let serving = living.iter().filter(|it| it.role != Role::Worker.as_str());
                    let serving = u32::try_from(serving.count())
                        .ok()
                        .and_then(NonZeroU32::new);
                    limiter.set_processes(serving.unwrap_or(NonZeroU32::MIN));
                }
                Err(error) => {
                    tracing::debug!(error = %error, "the number of processes is not known");
                }
            }
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(LOOK_AT_PROCESSES) => {}
            }
        }
    }

    /// What is looked at before this process is called ready. Without Redis mutations wait and everything else goes
    /// on, so its silence is said and keeps no request away.
    pub(super) fn readiness_checks(&self) -> Vec<ReadinessCheck> {
        let Self::Redis(redis, _) = self else {
            return Vec::new();
        };
        let redis = Arc::clone(redis);
        let probe = move || {
            let redis = Arc::clone(&redis);
            async move { redis.ping().await.is_ok() }.boxed()
        };
        vec![ReadinessCheck {
            name: "coordination",
            is_vital: false,
            probe: Arc::new(probe),
        }]
    }

    /// Ends listening. Whoever still holds it lets it end when it lets go.
    pub(super) async fn shutdown(self) {
        if let Self::Redis(redis, _) = self
            && let Ok(redis) = Arc::try_unwrap(redis)
        {
            redis.shutdown().await;
        }
    }
}
