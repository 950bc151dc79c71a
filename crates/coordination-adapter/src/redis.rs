//! Coordination between processes through one Redis server (no cluster: a lock's keys must be in one
//! place). Losing Redis loses locks and notices; nothing that is the truth is in it.

mod commands;
mod event_bus;
mod lock;
mod messages;
mod notices;
mod rate_limiter;
mod wake_up;

pub use commands::RedisFailure;
pub use rate_limiter::RedisRateLimiter;

use crate::notice_board::NoticeBoard;
use crate::wake_signal::WakeSignal;
use commands::Commands;
use domain::SecretText;
use domain::ports::{CoordinationUnavailable, EventBus, TeamLock, WakeUp};
use event_bus::RedisEventBus;
use lock::RedisTeamLock;
use messages::Origin;
use notices::NoticeListener;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;
use wake_up::RedisWakeUp;

/// How to use the server.
#[derive(Debug, Clone, Copy)]
pub struct RedisOptions {
    /// Commands that may run at once; each has a connection of its own.
    pub connections_max: usize,
    /// A command that has not been answered by then counts as unavailable; connecting is included.
    pub command_time_max: Duration,
    /// How often the connection for notices is tried out, so that a silent loss is noticed.
    pub liveness_interval: Duration,
}

impl Default for RedisOptions {
    fn default() -> Self {
        Self {
            connections_max: 8,
            // A healthy server answers in under a millisecond, and a step waits for this.
            command_time_max: Duration::from_millis(500),
            liveness_interval: Duration::from_secs(2),
        }
    }
}

/// Why Redis cannot be used as configured. Never repeats the URL: it may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum RedisConfigurationError {
    /// The URL is not one of Redis.
    #[error("the Redis URL is not of the form redis://[user:password@]host:port/[database]")]
    Url,
    /// The pool refuses its options.
    #[error("the Redis connection pool cannot be built")]
    Pool(#[source] deadpool_redis::BuildError),
    /// No random bytes for the name of this process among others.
    #[error("the operating system gave no random bytes")]
    Random,
}

/// Lock, wake-up and event bus on one Redis server, and the task that listens for notices. Ends the
/// task when dropped; [`RedisCoordination::shutdown`] also waits for it.
pub struct RedisCoordination {
    commands: Arc<Commands>,
    team_lock: Arc<RedisTeamLock>,
    wake_up: Arc<RedisWakeUp>,
    event_bus: Arc<RedisEventBus>,
    tasks: TaskTracker,
    shutdown: DropGuard,
}

impl RedisCoordination {
    /// Prepares everything and begins to listen, in the background and for as long as it takes: a
    /// server that is down now is connected to when it is up. To be called inside a runtime.
    pub fn connect(
        url: &SecretText,
        options: RedisOptions,
    ) -> Result<Self, RedisConfigurationError> {
        let client = redis::Client::open(url.expose()).map_err(|_| RedisConfigurationError::Url)?;
        let commands = Arc::new(Commands::new(url, options, "mutations wait")?);
        let origin = Origin::new().map_err(|_| RedisConfigurationError::Random)?;
        let signal = Arc::new(WakeSignal::new());
        let board = Arc::new(NoticeBoard::new());
        let shutdown = CancellationToken::new();
        let tasks = TaskTracker::new();
        let listener = NoticeListener {
            client,
            options,
            origin: origin.clone(),
            signal: Arc::clone(&signal),
            board: Arc::clone(&board),
        };
        tasks.spawn(listener.run(shutdown.clone()));
        tasks.close();
        Ok(Self {
            team_lock: Arc::new(RedisTeamLock::new(Arc::clone(&commands))),
            wake_up: Arc::new(RedisWakeUp::new(
                Arc::clone(&commands),
                origin.clone(),
                signal,
            )),
            event_bus: Arc::new(RedisEventBus::new(Arc::clone(&commands), origin, board)),
            commands,
            tasks,
            shutdown: shutdown.drop_guard(),
        })
    }

    /// The lock.
    pub fn team_lock(&self) -> Arc<dyn TeamLock> {
        Arc::<RedisTeamLock>::clone(&self.team_lock)
    }

    /// The wake-up.
    pub fn wake_up(&self) -> Arc<dyn WakeUp> {
        Arc::<RedisWakeUp>::clone(&self.wake_up)
    }

    /// The event bus.
    pub fn event_bus(&self) -> Arc<dyn EventBus> {
        Arc::<RedisEventBus>::clone(&self.event_bus)
    }

    /// Whether the server answers, within the time limit of a command. For readiness checks.
    pub async fn ping(&self) -> Result<(), CoordinationUnavailable> {
        self.commands.ping().await
    }

    /// How many connections there may be for commands, are in use, and are waited for, each under its word.
    pub fn pool_load(&self) -> [(&'static str, usize); 3] {
        self.commands.pool_load()
    }

    /// Stops listening and waits until that is done. Locks that are held live on to their end.
    pub async fn shutdown(self) {
        drop(self.shutdown);
        self.tasks.wait().await;
    }
}
