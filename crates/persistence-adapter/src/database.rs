//! The database as the other crates see it: opened once, shared, behind the ports.

use crate::options::{DatabaseKind, DatabaseOptions, OpenError};
use crate::postgres::Postgres;
use crate::queue::hold::hold_job;
use crate::session::{Link, Session};
use crate::sqlite::Sqlite;
use crate::transaction::{Held, Open};
use async_trait::async_trait;
use domain::ports::{
    AuditSealer, HeldTransaction, HoldError, JobHold, StoreError, Transaction, UnitOfWork,
    WritePriority,
};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// An open database. Clones share it. Implements [`UnitOfWork`], [`domain::ports::JobQueue`],
/// [`domain::ports::ReadModel`] and [`domain::ports::ProcessRegistry`].
#[derive(Clone)]
pub struct Database {
    inner: Arc<Inner>,
}

struct Inner {
    backend: Backend,
    audit_sealer: Arc<dyn AuditSealer>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

pub(crate) enum Backend {
    Postgres(Postgres),
    Sqlite(Sqlite),
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Database {
    /// Opens the database, and connects at once. It may be empty: see [`Database::schema_state`]
    /// and [`Database::migrate`]. Needs a multi-threaded tokio runtime. What transactions write into
    /// the audit trails is sealed by `audit_sealer`.
    pub async fn open(
        options: DatabaseOptions,
        audit_sealer: Arc<dyn AuditSealer>,
    ) -> Result<Self, OpenError> {
        let tasks = TaskTracker::new();
        let stop = CancellationToken::new();
        let backend = match options {
            DatabaseOptions::Postgres(options) => {
                Backend::Postgres(Postgres::open(&options, tasks.clone()).await?)
            }
            DatabaseOptions::Sqlite(options) => {
                Backend::Sqlite(Sqlite::open(&options, &tasks, stop.clone()).await?)
            }
        };
        let inner = Inner {
            backend,
            audit_sealer,
            tasks,
            stop,
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Which database it is.
    pub fn kind(&self) -> DatabaseKind {
        match &self.inner.backend {
            Backend::Postgres(_) => DatabaseKind::Postgres,
            Backend::Sqlite(_) => DatabaseKind::Sqlite,
        }
    }

    /// Refuses new work, lets what is under way end, and lets go of a SQLite file: when this
    /// returns, another process may open it. Open transactions must be ended before.
    pub async fn close(&self) {
        self.inner.stop.cancel();
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
        match &self.inner.backend {
            Backend::Postgres(postgres) => postgres.close(),
            Backend::Sqlite(sqlite) => sqlite.close(),
        }
    }

    pub(crate) fn backend(&self) -> &Backend {
        &self.inner.backend
    }

    /// A session inside a transaction.
    pub(crate) async fn begin_session(
        &self,
        priority: WritePriority,
    ) -> Result<Session, StoreError> {
        let link = match &self.inner.backend {
            Backend::Postgres(postgres) => Link::Postgres(Box::new(postgres.begin().await?)),
            Backend::Sqlite(sqlite) => Link::SqliteWriter(sqlite.begin(priority).await?),
        };
        Ok(Session::new(link))
    }

    fn open_transaction(&self, session: Session) -> Open {
        Open::new(session, Arc::clone(&self.inner.audit_sealer))
    }

    /// A session for reading; each statement sees the newest commit.
    pub(crate) async fn read_session(&self) -> Result<Session, StoreError> {
        let link = match &self.inner.backend {
            Backend::Postgres(postgres) => Link::Postgres(Box::new(postgres.link().await?)),
            Backend::Sqlite(sqlite) => Link::SqliteReader(sqlite.read().await?),
        };
        Ok(Session::new(link))
    }
}

#[async_trait]
impl UnitOfWork for Database {
    #[tracing::instrument(name = "store.transaction.begin", level = "debug", skip_all)]
    async fn begin(&self, priority: WritePriority) -> Result<Box<dyn Transaction>, StoreError> {
        let session = self.begin_session(priority).await?;
        Ok(Box::new(self.open_transaction(session)))
    }

    #[tracing::instrument(name = "store.transaction.begin_held", level = "debug", skip_all)]
    async fn begin_held(&self, hold: &JobHold) -> Result<Box<dyn HeldTransaction>, HoldError> {
        let mut session = self.begin_session(WritePriority::Worker).await?;
        let held_row = hold_job(&mut session, hold).await?;
        let open = self.open_transaction(session);
        Ok(Box::new(Held::new(open, *hold, held_row)))
    }
}
