//! Opening connections to the file.

use super::SqliteConnection;
use super::statement_thread::StatementThread;
use crate::options::OpenError;
use diesel::{Connection as _, ConnectionError, ConnectionResult};
use diesel_async::SimpleAsyncConnection;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Every commit is on the disk before it is answered. The wait for a lock only ever concerns
/// migrations: there is one writer.
/// A page that many transactions write is copied back into the file once for 32 MiB of log, and read from memory
/// meanwhile.
const WRITER_SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; \
     PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; \
     PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 8192; PRAGMA cache_size = -32768;";
const READER_SETTINGS: &str =
    "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA trusted_schema = OFF;";

/// Creates the file, if need be, for its owner's eyes only. SQLite gives the files beside it the
/// same mode.
pub(super) fn create_private_file(path: &Path) -> Result<(), OpenError> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map(drop)
        .map_err(|source| OpenError::File {
            path: path.to_owned(),
            source,
        })
}

/// Passes when the file is there: opening a connection would create it.
pub(super) fn find_file(path: &Path) -> Result<(), OpenError> {
    std::fs::metadata(path)
        .map(drop)
        .map_err(|source| OpenError::File {
            path: path.to_owned(),
            source,
        })
}

pub(super) async fn open_writer(path: &str) -> ConnectionResult<SqliteConnection> {
    open(path, WRITER_SETTINGS, StatementThread::Callers).await
}

pub(super) async fn open_reader(path: &str) -> ConnectionResult<SqliteConnection> {
    open(path, READER_SETTINGS, StatementThread::MadeFree).await
}

async fn open(
    path: &str,
    settings: &str,
    thread: StatementThread,
) -> ConnectionResult<SqliteConnection> {
    let opened = tokio::task::block_in_place(|| diesel::SqliteConnection::establish(path))?;
    let mut connection = SqliteConnection::with_runtime(opened, thread);
    connection
        .batch_execute(settings)
        .await
        .map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}
