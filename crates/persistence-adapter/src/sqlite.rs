//! SQLite: one file, one process, one writer, some readers. Knows no table.

mod arbiter;
mod connection;
mod file_lock;
mod lanes;
mod reader;
mod writer;

pub(crate) use reader::ReaderLink;
pub(crate) use writer::WriterLease;

use crate::failure::unavailable;
use crate::options::{OpenError, SqliteOptions};
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use domain::ports::{StoreError, WritePriority};
use file_lock::FileLock;
use reader::Readers;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use writer::Writer;

/// A connection to a SQLite file; its statements run on threads of their own.
pub(crate) type SqliteConnection = SyncConnectionWrapper<diesel::SqliteConnection>;

/// The file, held by this process alone.
pub(crate) struct Sqlite {
    path: String,
    writer: Writer,
    readers: Readers,
}

impl Sqlite {
    /// Takes the file's lock and opens it; `stop` ends the writer, which runs among `tasks`. The
    /// lock goes with the writer.
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
        let lock = FileLock::take(&options.path)?;
        connection::create_private_file(&options.path)?;
        let first = connection::open_writer(&path)
            .await
            .map_err(|error| OpenError::Unavailable(Box::new(error)))?;
        let writer = Writer::start(path.clone(), first, lock, options.writer_wait, tasks, stop);
        let readers = Readers::new(&path, options.readers)
            .map_err(|error| OpenError::Unavailable(Box::new(error)))?;
        Ok(Self {
            path,
            writer,
            readers,
        })
    }

    /// Waits for the writer, for a bounded time.
    pub(crate) async fn begin(&self, priority: WritePriority) -> Result<WriterLease, StoreError> {
        self.writer.lease(priority).await
    }

    /// A connection for reading.
    pub(crate) async fn read(&self) -> Result<ReaderLink, StoreError> {
        self.readers.link().await
    }

    /// A connection of its own, for migrations.
    pub(crate) async fn maintenance_connection(&self) -> Result<SqliteConnection, StoreError> {
        connection::open_writer(&self.path)
            .await
            .map_err(unavailable)
    }

    pub(crate) fn close(&self) {
        self.readers.close();
    }
}
