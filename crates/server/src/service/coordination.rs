//! Redis when it is configured, in-process coordination otherwise.

use super::StartError;
use crate::configuration::Configuration;
use api::ReadinessCheck;
use coordination_adapter::{LocalCoordination, RedisCoordination, RedisOptions};
use domain::ports::{EventBus, TeamLock, WakeUp};
use futures::FutureExt as _;
use std::sync::Arc;

/// The coordination of this process.
pub(super) enum Coordination {
    Redis(Arc<RedisCoordination>),
    Local(LocalCoordination),
}

impl Coordination {
    /// Redis need not answer yet: until it does, mutations wait.
    pub(super) fn start(configuration: &Configuration) -> Result<Self, StartError> {
        match &configuration.redis_url {
            Some(url) => {
                let redis = RedisCoordination::connect(url, RedisOptions::default())?;
                Ok(Self::Redis(Arc::new(redis)))
            }
            None => Ok(Self::Local(LocalCoordination::new())),
        }
    }

    pub(super) fn team_lock(&self) -> Arc<dyn TeamLock> {
        match self {
            Self::Redis(redis) => redis.team_lock(),
            Self::Local(local) => local.team_lock(),
        }
    }

    pub(super) fn wake_up(&self) -> Arc<dyn WakeUp> {
        match self {
            Self::Redis(redis) => redis.wake_up(),
            Self::Local(local) => local.wake_up(),
        }
    }

    pub(super) fn event_bus(&self) -> Arc<dyn EventBus> {
        match self {
            Self::Redis(redis) => redis.event_bus(),
            Self::Local(local) => local.event_bus(),
        }
    }

    /// What must answer before this process may be given requests. Without Redis mutations wait, so
    /// its silence is said, not hidden.
    pub(super) fn readiness_checks(&self) -> Vec<ReadinessCheck> {
        let Self::Redis(redis) = self else {
            return Vec::new();
        };
        let redis = Arc::clone(redis);
        let probe = move || {
            let redis = Arc::clone(&redis);
            async move { redis.ping().await.is_ok() }.boxed()
        };
        vec![ReadinessCheck {
            name: "coordination",
            probe: Arc::new(probe),
        }]
    }

    /// Ends listening. Whoever still holds it lets it end when it lets go.
    pub(super) async fn shutdown(self) {
        if let Self::Redis(redis) = self
            && let Ok(redis) = Arc::try_unwrap(redis)
        {
            redis.shutdown().await;
        }
    }
}
