//! SQLite: one file, one process, one writer, some readers. Knows no table.

mod arbiter;
mod connection;
mod file_lock;
mod lanes;
mod reader;
mod statement_thread;
mod writer;

pub(crate) use reader::ReaderLink;
pub(crate) use writer::WriterLease;

use crate::failure::{ConnectionLost, unavailable};
use crate::options::{OpenError, SqliteOptions};
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use domain::ports::{PoolLoad, StoreError, WritePriority};
use file_lock::FileLock;
use reader::Readers;
use statement_thread::StatementThread;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use writer::Writer;

/// A connection to a SQLite file.
pub(crate) type SqliteConnection = SyncConnectionWrapper<diesel::SqliteConnection, StatementThread>;

/// The file: held by this process alone, or only read.
pub(crate) struct Sqlite {
    path: String,
    writer: Option<Writer>,
    readers: Readers,
}

impl Sqlite {
    /// Opens the file. Its owner takes its lock and writes; `stop` ends the writer, which runs among
    /// `tasks`, and the lock goes with it.
    pub(crate) async fn open(
        options: &SqliteOptions,
        tasks: &TaskTracker,
        stop: CancellationToken,
    ) -> Result<Self, OpenError> {
        let path = options
            .path
            .to_str()
            .ok_or(OpenError::InvalidUrl)?
            .to_owned();
        let writer = if options.is_owner {
            Some(Self::start_writer(options, &path, tasks, stop).await?)
        } else {
            connection::find_file(&options.path)?;
            None
        };
        let readers = Readers::new(&path, options.readers)
            .map_err(|error| OpenError::Unavailable(Box::new(error)))?;
        Ok(Self {
            path,
            writer,
            readers,
        })
    }

    async fn start_writer(
        options: &SqliteOptions,
        path: &str,
        tasks: &TaskTracker,
        stop: CancellationToken,
    ) -> Result<Writer, OpenError> {
        let lock = FileLock::take(&options.path)?;
        connection::create_private_file(&options.path)?;
        let first = connection::open_writer(path)
            .await
            .map_err(|error| OpenError::Unavailable(Box::new(error)))?;
        let wait = options.writer_wait;
        Ok(Writer::start(
            path.to_owned(),
            first,
            lock,
            wait,
            tasks,
            stop,
        ))
    }

    /// Waits for the writer, for a bounded time.
    pub(crate) async fn begin(&self, priority: WritePriority) -> Result<WriterLease, StoreError> {
        match &self.writer {
            Some(writer) => writer.lease(priority).await,
            None => Err(unavailable(ConnectionLost::ReadOnly)),
        }
    }

    /// A connection for reading.
    pub(crate) async fn read(&self) -> Result<ReaderLink, StoreError> {
        self.readers.link().await
    }

    /// A connection of its own, for migrations and for looking at the schema.
    pub(crate) async fn maintenance_connection(&self) -> Result<SqliteConnection, StoreError> {
        let opened = match &self.writer {
            Some(_) => connection::open_writer(&self.path).await,
            None => connection::open_reader(&self.path).await,
        };
        opened.map_err(unavailable)
    }

    /// How busy the connections are.
    pub(crate) fn loads(&self) -> Vec<PoolLoad> {
        let writer = self.writer.as_ref().map(Writer::load);
        writer.into_iter().chain([self.readers.load()]).collect()
    }

    pub(crate) fn close(&self) {
        self.readers.close();
    }
}
