//! PostgreSQL: the pool, and what a transaction on one of its connections does when it ends.
//! Knows no table.

mod connect;
mod link;

pub(crate) use link::PostgresLink;

use crate::failure::{ConnectionLost, unavailable};
use crate::options::{OpenError, PostgresOptions};
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use domain::ports::{PoolLoad, StoreError};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

/// A connection to PostgreSQL.
pub(crate) type PostgresConnection = AsyncPgConnection;

/// The pool and its bounds.
pub(crate) struct Postgres {
    pool: Pool<PostgresConnection>,
    /// One permit for each connection: waiting for a permit is being overloaded, waiting for a
    /// connection is the server not answering. The pool itself cannot tell the two apart.
    permits: Arc<Semaphore>,
    pool_wait: Duration,
    /// How many wait for a permit.
    waiting: AtomicUsize,
    /// Where rollbacks of dropped transactions run.
    tasks: TaskTracker,
}

impl Postgres {
    /// Sets up the pool and connects once, so that a wrong URL is found at the start.
    pub(crate) async fn open(
        options: &PostgresOptions,
        tasks: TaskTracker,
    ) -> Result<Self, OpenError> {
        let connector = connect::Connector::new(options)?;
        let mut config = ManagerConfig::default();
        config.recycling_method = RecyclingMethod::Fast;
        config.custom_setup = Box::new(move |_| {
            let connector = connector.clone();
            Box::pin(async move { connector.connect().await })
        });
        // The manager gets no URL: it would keep a copy of the password.
        let manager = AsyncDieselConnectionManager::new_with_config("", config);
        let pool = Pool::builder(manager)
            .max_size(options.pool_size)
            .build()
            .map_err(|error| OpenError::Unavailable(Box::new(error)))?;
        let postgres = Self {
            pool,
            permits: Arc::new(Semaphore::new(options.pool_size)),
            pool_wait: options.pool_wait,
            waiting: AtomicUsize::new(0),
            tasks,
        };
        postgres
            .link()
            .await
            .map_err(|error| OpenError::Unavailable(Box::new(error)))?;
        Ok(postgres)
    }

    /// A connection outside any transaction.
    pub(crate) async fn link(&self) -> Result<PostgresLink, StoreError> {
        let permit = {
            let _counted = Waiting::new(&self.waiting);
            let waiting = Arc::clone(&self.permits).acquire_owned();
            tokio::time::timeout(self.pool_wait, waiting)
                .await
                .map_err(|_| StoreError::Busy)?
                .map_err(|_| unavailable(ConnectionLost::Closed))?
        };
        let connection = self.pool.get().await.map_err(unavailable)?;
        Ok(PostgresLink::new(connection, permit, self.tasks.clone()))
    }

    /// A connection inside a transaction. A connection that died in the pool shows at its first
    /// statement; nothing has happened yet then, so another one is tried.
    pub(crate) async fn begin(&self) -> Result<PostgresLink, StoreError> {
        let mut link = self.link().await?;
        if link.begin().await.is_ok() {
            return Ok(link);
        }
        drop(link);
        let mut link = self.link().await?;
        link.begin().await?;
        Ok(link)
    }

    /// A connection that does not come from the pool's turnover, without a limit on statements: for
    /// migrations.
    pub(crate) async fn maintenance_connection(&self) -> Result<PostgresConnection, StoreError> {
        let object = self.pool.get().await.map_err(unavailable)?;
        let mut connection = Object::take(object);
        connection
            .batch_execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
            .await
            .map_err(unavailable)?;
        Ok(connection)
    }

    /// How busy the connections are.
    pub(crate) fn load(&self) -> PoolLoad {
        let size = self.pool.status().max_size;
        PoolLoad {
            pool: "postgres",
            size,
            used: Some(size.saturating_sub(self.permits.available_permits())),
            waiting: self.waiting.load(Ordering::Relaxed),
        }
    }

    pub(crate) fn close(&self) {
        self.permits.close();
        self.pool.close();
    }
}

/// Counts somebody who waits, however the wait ends.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
