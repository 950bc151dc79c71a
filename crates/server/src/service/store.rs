//! The database: opened, and its schema checked before anything uses it.

use super::StartError;
use crate::configuration::{Configuration, DatabaseTarget};
use custody_adapter::{AuditChain, LiveKeyRing};
use domain::ports::{
    AuditSealer, JobQueue, ProcessRegistry, ReadModel, StoreError, StoreStatistics,
};
use persistence_adapter::{
    Database, DatabaseOptions, MigrationReport, PostgresOptions, SchemaState, SqliteOptions,
};
use std::sync::Arc;

/// The file of the embedded database, in the data directory.
const EMBEDDED_FILE: &str = "windlass.db";

/// Opens the configured database without looking at its schema.
pub async fn open_database(
    configuration: &Configuration,
    audit_sealer: Arc<dyn AuditSealer>,
) -> Result<Database, StartError> {
    let options = match &configuration.database {
        DatabaseTarget::Embedded => {
            super::data_folder::prepare(&configuration.data_dir)?;
            DatabaseOptions::Sqlite(SqliteOptions::new(
                configuration.data_dir.join(EMBEDDED_FILE),
            ))
        }
        DatabaseTarget::Postgres { url, pool_size } => DatabaseOptions::Postgres(PostgresOptions {
            pool_size: *pool_size,
            ..PostgresOptions::new(url.clone())
        }),
    };
    Ok(Database::open(options, audit_sealer).await?)
}

/// What can be read while a service runs on the same database.
pub struct ReadableStore {
    /// The reads.
    pub read_model: Arc<dyn ReadModel>,
    /// The journals of jobs.
    pub job_queue: Arc<dyn JobQueue>,
    /// Who else uses it.
    pub processes: Arc<dyn ProcessRegistry>,
    /// Figures about it all.
    pub statistics: Arc<dyn StoreStatistics>,
    database: Database,
}

impl ReadableStore {
    /// How its schema stands to this version.
    pub async fn schema_state(&self) -> Result<SchemaState, StoreError> {
        self.database.schema_state().await
    }
}

/// Opens the configured database to read it, beside a service that runs on it: the embedded one is not
/// locked and cannot be written then.
pub async fn open_to_read(configuration: &Configuration) -> Result<ReadableStore, StartError> {
    let ring = LiveKeyRing::open(&configuration.key_ring)?;
    let audit_sealer = Arc::new(AuditChain::new(Arc::new(ring)));
    let database = match &configuration.database {
        DatabaseTarget::Embedded => {
            let file = configuration.data_dir.join(EMBEDDED_FILE);
            let options = DatabaseOptions::Sqlite(SqliteOptions::beside_owner(file));
            Database::open(options, audit_sealer).await?
        }
        DatabaseTarget::Postgres { .. } => open_database(configuration, audit_sealer).await?,
    };
    Ok(ReadableStore {
        read_model: Arc::new(database.clone()),
        job_queue: Arc::new(database.clone()),
        processes: Arc::new(database.clone()),
        statistics: Arc::new(database.clone()),
        database,
    })
}

/// Brings the configured database to this version's schema.
pub async fn migrate(configuration: &Configuration) -> Result<MigrationReport, StartError> {
    super::data_folder::prepare(&configuration.data_dir)?;
    let ring = LiveKeyRing::open_or_create(&configuration.key_ring)?;
    let audit_sealer = Arc::new(AuditChain::new(Arc::new(ring)));
    let database = open_database(configuration, audit_sealer).await?;
    Ok(database.migrate().await?)
}

/// Opens the database for serving. The embedded one belongs to this process and is migrated on the
/// way; a shared one is migrated by `windlass migrate` and refused until then.
pub(super) async fn open_checked(
    configuration: &Configuration,
    audit_sealer: Arc<dyn AuditSealer>,
) -> Result<Database, StartError> {
    let database = open_database(configuration, audit_sealer).await?;
    match database.schema_state().await? {
        SchemaState::UpToDate => {}
        SchemaState::Ahead(names) => {
            return Err(StartError::SchemaUnknown {
                unknown: names.join(", "),
            });
        }
        SchemaState::Behind(_) if configuration.is_embedded() => {
            database.migrate().await?;
        }
        SchemaState::Behind(names) => {
            return Err(StartError::SchemaBehind {
                pending: names.len(),
            });
        }
    }
    Ok(database)
}
