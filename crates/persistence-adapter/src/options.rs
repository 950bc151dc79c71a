//! How a database is opened, and why that may fail.

use domain::SecretText;
use domain::ports::BoxedSource;
use std::path::PathBuf;
use std::time::Duration;

/// Which database, and its bounds.
#[derive(Clone)]
pub enum DatabaseOptions {
    /// A PostgreSQL server, for any number of processes.
    Postgres(PostgresOptions),
    /// A file, for one process.
    Sqlite(SqliteOptions),
}

/// A PostgreSQL server.
#[derive(Clone)]
pub struct PostgresOptions {
    /// `postgres://user:password@host:port/database`. With `sslmode=require` (or a stricter mode)
    /// the connection is encrypted and the server's certificate and name are verified; otherwise it
    /// is not encrypted.
    pub url: SecretText,
    /// Most connections.
    pub pool_size: usize,
    /// How long a caller waits for a connection to be free before it is told that the store is
    /// overloaded.
    pub pool_wait: Duration,
    /// How long making a connection may take.
    pub connect_timeout: Duration,
    /// After this long the server gives up a statement.
    pub statement_timeout: Duration,
    /// The only certificates trusted for TLS, as PEM; the machine's when absent.
    pub root_certificates_pem: Option<Vec<u8>>,
}

impl PostgresOptions {
    /// The server at the URL, with the usual bounds.
    pub fn new(url: SecretText) -> Self {
        Self {
            url,
            pool_size: 16,
            pool_wait: Duration::from_secs(1),
            connect_timeout: Duration::from_secs(3),
            statement_timeout: Duration::from_secs(10),
            root_certificates_pem: None,
        }
    }
}

/// A SQLite file.
#[derive(Clone)]
pub struct SqliteOptions {
    /// The file; created, readable by its owner only, when it does not exist. Its folder must.
    /// Beside it lie `-wal`, `-shm` and `.lock`.
    pub path: PathBuf,
    /// Most reading connections.
    pub readers: usize,
    /// How long a writer waits for its turn before it is told that the store is overloaded.
    pub writer_wait: Duration,
    /// Whether this process takes the file for itself. If not, it only reads, beside the process that
    /// may have it open, and every transaction is refused.
    pub is_owner: bool,
}

impl SqliteOptions {
    /// The file, with the usual bounds.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            readers: 4,
            writer_wait: Duration::from_millis(250),
            is_owner: true,
        }
    }

    /// The file, which has to be there, for reading beside its owner.
    pub fn beside_owner(path: impl Into<PathBuf>) -> Self {
        Self {
            is_owner: false,
            ..Self::new(path)
        }
    }
}

/// Which database is behind the ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseKind {
    /// PostgreSQL.
    Postgres,
    /// SQLite.
    Sqlite,
}

/// Why a database was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL is malformed. It is not repeated: it may hold a password.
    #[error("the database URL is malformed")]
    InvalidUrl,
    /// The configured certificates cannot be read, or there is none to trust.
    #[error("there is no usable root certificate for the connection to the database")]
    InvalidCertificates,
    /// Another process has the file open.
    #[error("the database {} is in use by another process", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The file or its folder cannot be used.
    #[error("the database {} cannot be opened", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The database does not answer.
    #[error("the database does not answer")]
    Unavailable(#[source] BoxedSource),
}
