//! The database: opened, and its schema checked before anything uses it.

use super::StartError;
use crate::configuration::{Configuration, DatabaseTarget};
use persistence_adapter::{
    Database, DatabaseOptions, MigrationReport, PostgresOptions, SchemaState, SqliteOptions,
};

/// The file of the embedded database, in the data directory.
const EMBEDDED_FILE: &str = "windlass.db";

/// Opens the configured database without looking at its schema.
pub async fn open_database(configuration: &Configuration) -> Result<Database, StartError> {
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
    Ok(Database::open(options).await?)
}

/// Brings the configured database to this version's schema.
pub async fn migrate(configuration: &Configuration) -> Result<MigrationReport, StartError> {
    let database = open_database(configuration).await?;
    Ok(database.migrate().await?)
}

/// Opens the database for serving. The embedded one belongs to this process and is migrated on the
/// way; a shared one is migrated by `windlass migrate` and refused until then.
pub(super) async fn open_checked(configuration: &Configuration) -> Result<Database, StartError> {
    let database = open_database(configuration).await?;
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
