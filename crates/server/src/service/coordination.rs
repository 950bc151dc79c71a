//! Redis when it is configured, in-process coordination otherwise.

use super::StartError;
use crate::configuration::Configuration;
use coordination_adapter::{LocalCoordination, RedisCoordination, RedisOptions};
use domain::ports::{EventBus, TeamLock, WakeUp};
use std::sync::Arc;

/// The coordination of this process.
pub(super) enum Coordination {
    Redis(RedisCoordination),
    Local(LocalCoordination),
}

impl Coordination {
    /// Redis need not answer yet: until it does, mutations wait.
    pub(super) fn start(configuration: &Configuration) -> Result<Self, StartError> {
        match &configuration.redis_url {
            Some(url) => {
                Ok(Self::Redis(RedisCoordination::connect(url, RedisOptions::default())?))
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

    pub(super) async fn shutdown(self) {
        match self {
            Self::Redis(redis) => redis.shutdown().await,
            Self::Local(_) => {}
        }
    }
}
