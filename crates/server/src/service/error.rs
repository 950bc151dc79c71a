//! Why a start did not work; each says what to do next.

use coordination_adapter::RedisConfigurationError;
use custody_adapter::KeyRingError;
use domain::ports::StoreError;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why a start did not work.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data directory cannot be used.
    #[error("the data directory {} cannot be used; choose another with `data_dir`", path.display())]
    DataFolder {
        /// The directory.
        path: PathBuf,
        /// What went wrong.
        #[source]
        source: io::Error,
    },
    /// The key ring cannot be used.
    #[error("the key ring cannot be used")]
    KeyRing(#[from] KeyRingError),
    /// The database cannot be opened.
    #[error("the database cannot be opened")]
    OpenDatabase(#[from] persistence_adapter::OpenError),
    /// The embedded database belongs to a running service.
    #[error(
        "the embedded database {} belongs to a running service; stop the server first, then run this \
         again", path.display()
    )]
    StopFirst {
        /// The file.
        path: PathBuf,
    },
    /// A file of the certificate cannot be read.
    #[error("`{key}`: {} cannot be read", path.display())]
    TlsFile {
        /// The setting.
        key: &'static str,
        /// The file.
        path: PathBuf,
        /// What went wrong.
        #[source]
        source: io::Error,
    },
    /// The certificate or its key is not fit for use.
    #[error("`{key}` cannot be used")]
    Tls {
        /// The setting.
        key: &'static str,
        /// What is wrong with it.
        #[source]
        source: api::IdentityError,
    },
    /// A migration failed.
    #[error("the database cannot be migrated")]
    Migrate(#[from] persistence_adapter::MigrateError),
    /// The schema is older than this version.
    #[error("the database schema is behind ({pending} migrations pending); run `windlass migrate`")]
    SchemaBehind {
        /// How many are missing.
        pending: usize,
    },
    /// The schema is from another version.
    #[error(
        "the database has migrations that this version does not know ({unknown}); run the version \
         that made them"
    )]
    SchemaUnknown {
        /// Their names.
        unknown: String,
    },
    /// Split roles need a shared database.
    #[error("the embedded database has one process; use `--role all`, or set `database.url`")]
    SplitEmbedded,
    /// Another process shares the database without Redis.
    #[error(
        "{others} other process(es) share this database; more than one needs Redis: set `redis.url` \
         for all of them"
    )]
    NotAlone {
        /// How many.
        others: usize,
    },
    /// The Redis settings are wrong.
    #[error("`redis.url` cannot be used")]
    Redis(#[from] RedisConfigurationError),
    /// The folder for mails cannot be used.
    #[error(transparent)]
    Outbox(#[from] delivery_adapter::OutboxError),
    /// The mail server cannot be used.
    #[error("`mail.smtp_url` cannot be used")]
    Smtp(#[from] delivery_adapter::SmtpSetUpError),
    /// Passwords cannot be hashed.
    #[error("passwords cannot be hashed")]
    Passwords(#[from] custody_adapter::PasswordHashingError),
    /// A platform setting is wrong.
    #[error(transparent)]
    Platform(#[from] virtuozzo_adapter::ConfigurationError),
    /// A listener cannot be opened.
    #[error("`{what}` cannot listen on {address}; choose another address or stop what uses it")]
    Bind {
        /// The setting.
        what: &'static str,
        /// The address.
        address: SocketAddr,
        /// What went wrong.
        #[source]
        source: io::Error,
    },
    /// The store failed while starting.
    #[error("the store failed while starting")]
    Store(#[from] StoreError),
}
