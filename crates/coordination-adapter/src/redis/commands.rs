//! Sends commands through the pool, each within its time limit, and tells once when the server goes
//! away and once when it is back. It knows no particular command but the ping.

use super::{RedisConfigurationError, RedisOptions};
use deadpool_redis::{Manager, Pool, PoolError, Runtime};
use domain::SecretText;
use domain::ports::CoordinationUnavailable;
use redis::aio::MultiplexedConnection;
use redis::{FromRedisValue, RedisError, ScriptInvocation};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use telemetry::error_chain::ErrorChain;
use telemetry::names::metrics as names;

/// Why Redis did not do what it was asked for; it may have done it all the same.
#[derive(Debug, thiserror::Error)]
pub enum RedisFailure {
    /// No answer in time.
    #[error("no answer from Redis in {0:?}")]
    Timeout(Duration),
    /// No connection.
    #[error("no connection to Redis")]
    Connection(#[source] PoolError),
    /// The command failed.
    #[error("the Redis command failed")]
    Command(#[source] RedisError),
}

/// The pool and its time limit.
pub(super) struct Commands {
    pool: Pool,
    time_max: Duration,
    /// What comes of it when there is no answer, for the log.
    consequence: &'static str,
    is_down: AtomicBool,
}

impl Commands {
    pub(super) fn new(
        url: &SecretText,
        options: RedisOptions,
        consequence: &'static str,
    ) -> Result<Self, RedisConfigurationError> {
        let manager = Manager::new(url.expose()).map_err(|_| RedisConfigurationError::Url)?;
        let pool = Pool::builder(manager)
            .max_size(options.connections_max)
            .wait_timeout(Some(options.command_time_max))
            .create_timeout(Some(options.command_time_max))
            .recycle_timeout(Some(options.command_time_max))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(RedisConfigurationError::Pool)?;
        Ok(Self {
            pool,
            time_max: options.command_time_max,
            consequence,
            is_down: AtomicBool::new(false),
        })
    }

    pub(super) fn pool_load(&self) -> [(&'static str, usize); 3] {
        let status = self.pool.status();
        [
            ("size", status.max_size),
            ("used", status.size.saturating_sub(status.available)),
            ("waiting", status.waiting),
        ]
    }

    pub(super) async fn ping(&self) -> Result<(), CoordinationUnavailable> {
        let ping = async |connection: &mut MultiplexedConnection| {
            redis::cmd("PING").query_async::<()>(connection).await
        };
        self.run("ping", ping).await
    }

    pub(super) async fn publish(
        &self,
        channel: &str,
        message: &str,
    ) -> Result<(), CoordinationUnavailable> {
        let publish = async |connection: &mut MultiplexedConnection| {
            let mut command = redis::cmd("PUBLISH");
            command.arg(channel).arg(message);
            command.query_async::<()>(connection).await
        };
        self.run("publish", publish).await
    }

    /// Runs a script; it either runs as a whole or not at all.
    pub(super) async fn invoke<Answer: FromRedisValue>(
        &self,
        operation: &'static str,
        script: &ScriptInvocation<'_>,
    ) -> Result<Answer, CoordinationUnavailable> {
        let invoke = async |connection: &mut MultiplexedConnection| {
            script.invoke_async::<Answer>(connection).await
        };
        self.run(operation, invoke).await
    }

    async fn run<Answer>(
        &self,
        operation: &'static str,
        command: impl AsyncFnOnce(&mut MultiplexedConnection) -> Result<Answer, RedisError>,
    ) -> Result<Answer, CoordinationUnavailable> {
        let answered = tokio::time::timeout(self.time_max, async {
            let mut connection = self.pool.get().await.map_err(RedisFailure::Connection)?;
            command(&mut connection)
                .await
                .map_err(RedisFailure::Command)
        });
        let result = answered
            .await
            .unwrap_or(Err(RedisFailure::Timeout(self.time_max)));
        self.tell(operation, result.as_ref().err());
        result.map_err(|failure| CoordinationUnavailable(Box::new(failure)))
    }

    fn tell(&self, operation: &'static str, failure: Option<&RedisFailure>) {
        let was_down = self.is_down.swap(failure.is_some(), Ordering::Relaxed);
        match failure {
            Some(failure) => {
                metrics::counter!(names::COORDINATION_FAILURES, names::LABEL_OPERATION => operation)
                    .increment(1);
                if !was_down {
                    let error = ErrorChain(failure);
                    let consequence = self.consequence;
                    tracing::warn!(operation, %error, consequence, "redis is unavailable");
                }
            }
            None if was_down => tracing::info!("redis is available again"),
            None => {}
        }
    }
}
