//! Connections that can only read. They see the last commit and never wait for the writer.

use super::{SqliteConnection, connection};
use crate::failure::unavailable;
use diesel_async::pooled_connection::deadpool::{BuildError, Object, Pool};
use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
};
use domain::ports::{PoolLoad, StoreError};
use std::time::Duration;

/// Reads are short; who waits longer for a connection meets an overloaded store.
const READER_WAIT: Duration = Duration::from_secs(1);

/// The pool of readers.
pub(super) struct Readers {
    pool: Pool<SqliteConnection>,
}

impl Readers {
    pub(super) fn new(path: &str, size: usize) -> Result<Self, BuildError> {
        let mut config = ManagerConfig::default();
        config.recycling_method = RecyclingMethod::Fast;
        config.custom_setup = Box::new(|path| {
            let path = path.to_owned();
            Box::pin(async move { connection::open_reader(&path).await })
        });
        let manager = AsyncDieselConnectionManager::new_with_config(path, config);
        let pool = Pool::builder(manager).max_size(size).build()?;
        Ok(Self { pool })
    }

    pub(super) async fn link(&self) -> Result<ReaderLink, StoreError> {
        let connection = tokio::time::timeout(READER_WAIT, self.pool.get())
            .await
            .map_err(|_| StoreError::Busy)?
            .map_err(unavailable)?;
        Ok(ReaderLink(Some(connection)))
    }

    pub(super) fn load(&self) -> PoolLoad {
        let status = self.pool.status();
        PoolLoad {
            pool: "sqlite_readers",
            size: status.max_size,
            used: Some(status.size.saturating_sub(status.available)),
            waiting: status.waiting,
        }
    }

    pub(super) fn close(&self) {
        self.pool.close();
    }
}

/// A reader in use; goes back to the pool when it is dropped.
pub(crate) struct ReaderLink(Option<Object<SqliteConnection>>);

impl ReaderLink {
    /// The connection; `None` after [`ReaderLink::close`].
    pub(crate) fn connection(&mut self) -> Option<&mut SqliteConnection> {
        self.0.as_deref_mut()
    }

    /// Closes the connection instead of giving it back.
    pub(crate) fn close(&mut self) {
        if let Some(object) = self.0.take() {
            drop(Object::take(object));
        }
    }
}
