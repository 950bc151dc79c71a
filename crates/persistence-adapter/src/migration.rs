//! Bringing a database to the schema of this build, and saying how far it is from it.

use crate::database::{Backend, Database};
use crate::postgres::PostgresConnection;
use crate::sqlite::SqliteConnection;
use diesel::migration::{MigrationSource, MigrationVersion};
use diesel::sql_types::{BigInt, Bool, Text};
use diesel::{QueryResult, QueryableByName};
use diesel_async::{AsyncMigrationHarness, RunQueryDsl, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use domain::ports::{BoxedSource, StoreError};
use std::collections::BTreeSet;
use std::time::Duration;

const POSTGRES_MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE_MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// Serialises replicas that migrate at once. Any number will do, as long as all use the same.
const ADVISORY_LOCK: i64 = 7_105_960_212_881;

/// Who waits for another that migrates asks this often.
const ASK_AGAIN: Duration = Duration::from_millis(100);

/// How a database's schema stands to the one this build knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaState {
    /// It is the one.
    UpToDate,
    /// These migrations are missing; `migrate` runs them.
    Behind(Vec<String>),
    /// It has migrations that this build does not know: a newer version was here. Nothing may be
    /// read or written.
    Ahead(Vec<String>),
}

/// What a migration did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationReport {
    /// The migrations that were run, in order; empty when there was nothing to do.
    pub applied: Vec<String>,
}

/// Why a database was not migrated.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// A newer version was here; this one must not touch it.
    #[error("the database has migrations that this version does not know: {}", .0.join(", "))]
    Ahead(Vec<String>),
    /// A migration failed. Those before it are kept; it itself is undone.
    #[error("a migration failed")]
    Failed(#[source] BoxedSource),
    /// The database does not answer.
    #[error("the database cannot be migrated")]
    Store(#[from] StoreError),
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct LockRow {
    #[diesel(sql_type = Bool)]
    is_ours: bool,
}

#[derive(QueryableByName)]
struct IndexRow {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct VersionRow {
    #[diesel(sql_type = Text)]
    version: String,
}

impl Database {
    /// Runs the migrations that are missing, one transaction each. Idempotent. Several processes
    /// may call it at once: one works, the others wait for it.
    pub async fn migrate(&self) -> Result<MigrationReport, MigrateError> {
        if let SchemaState::Ahead(unknown) = self.schema_state().await? {
            return Err(MigrateError::Ahead(unknown));
        }
        let run = |versions: Vec<MigrationVersion<'_>>| MigrationReport {
            applied: versions.iter().map(ToString::to_string).collect(),
        };
        match self.backend() {
            Backend::Postgres(postgres) => {
                let connection = locked(postgres.maintenance_connection().await?).await?;
                AsyncMigrationHarness::new(connection)
                    .run_pending_migrations(POSTGRES_MIGRATIONS)
                    .map(run)
            }
            Backend::Sqlite(sqlite) => {
                AsyncMigrationHarness::new(sqlite.maintenance_connection().await?)
                    .run_pending_migrations(SQLITE_MIGRATIONS)
                    .map(run)
            }
        }
        .map_err(MigrateError::Failed)
    }

    /// Undoes all migrations, and so destroys all data: for checks of the migrations themselves.
    pub async fn revert_all(&self) -> Result<(), MigrateError> {
        match self.backend() {
            Backend::Postgres(postgres) => {
                let connection = locked(postgres.maintenance_connection().await?).await?;
                AsyncMigrationHarness::new(connection)
                    .revert_all_migrations(POSTGRES_MIGRATIONS)
                    .map(drop)
            }
            Backend::Sqlite(sqlite) => {
                AsyncMigrationHarness::new(sqlite.maintenance_connection().await?)
                    .revert_all_migrations(SQLITE_MIGRATIONS)
                    .map(drop)
            }
        }
        .map_err(MigrateError::Failed)
    }

    /// How the schema stands to the one this build knows. Changes nothing.
    pub async fn schema_state(&self) -> Result<SchemaState, StoreError> {
        let (applied, known) = match self.backend() {
            Backend::Postgres(postgres) => (
                postgres_versions(&mut postgres.maintenance_connection().await?).await,
                known_versions::<diesel::pg::Pg>(&POSTGRES_MIGRATIONS),
            ),
            Backend::Sqlite(sqlite) => (
                sqlite_versions(&mut sqlite.maintenance_connection().await?).await,
                known_versions::<diesel::sqlite::Sqlite>(&SQLITE_MIGRATIONS),
            ),
        };
        let applied = applied.map_err(crate::failure::store_error)?;
        let known = known.map_err(StoreError::Unavailable)?;
        let unknown: Vec<_> = applied.difference(&known).cloned().collect();
        let missing: Vec<_> = known.difference(&applied).cloned().collect();
        Ok(if !unknown.is_empty() {
            SchemaState::Ahead(unknown)
        } else if missing.is_empty() {
            SchemaState::UpToDate
        } else {
            SchemaState::Behind(missing)
        })
    }
}

/// The lock goes with the connection. It is asked for again and again: a statement that waits for it would keep an
/// index that is built beside writers from ever being finished.
async fn locked(mut connection: PostgresConnection) -> Result<PostgresConnection, StoreError> {
    let ask = format!("SELECT pg_try_advisory_lock({ADVISORY_LOCK}) AS is_ours");
    loop {
        let row: LockRow = diesel::sql_query(&ask)
            .get_result(&mut connection)
            .await
            .map_err(crate::failure::store_error)?;
        if row.is_ours {
            drop_broken_indexes(&mut connection)
                .await
                .map_err(crate::failure::store_error)?;
            return Ok(connection);
        }
        tokio::time::sleep(ASK_AGAIN).await;
    }
}

/// An index whose building beside writers was broken off is never used, and in the way of the next attempt.
async fn drop_broken_indexes(connection: &mut PostgresConnection) -> QueryResult<()> {
    let broken = "SELECT quote_ident(relname) AS name FROM pg_index \
                  JOIN pg_class ON pg_class.oid = indexrelid \
                  JOIN pg_namespace ON pg_namespace.oid = relnamespace \
                  WHERE NOT indisvalid AND nspname = current_schema()";
    let rows: Vec<IndexRow> = diesel::sql_query(broken).load(connection).await?;
    for row in rows {
        let drop_it = format!("DROP INDEX IF EXISTS {}", row.name);
        connection.batch_execute(&drop_it).await?;
    }
    Ok(())
}

fn known_versions<DB: diesel::backend::Backend>(
    source: &impl MigrationSource<DB>,
) -> Result<BTreeSet<String>, BoxedSource> {
    let migrations = source.migrations()?;
    Ok(migrations
        .iter()
        .map(|migration| migration.name().version().to_string())
        .collect())
}

const APPLIED: &str = "SELECT version FROM __diesel_schema_migrations";

async fn postgres_versions(connection: &mut PostgresConnection) -> QueryResult<BTreeSet<String>> {
    let exists = "SELECT count(*) AS count FROM information_schema.tables \
                  WHERE table_schema = current_schema() \
                  AND table_name = '__diesel_schema_migrations'";
    let row: CountRow = diesel::sql_query(exists).get_result(connection).await?;
    if row.count == 0 {
        return Ok(BTreeSet::new());
    }
    let rows: Vec<VersionRow> = diesel::sql_query(APPLIED).load(connection).await?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}

async fn sqlite_versions(connection: &mut SqliteConnection) -> QueryResult<BTreeSet<String>> {
    let exists = "SELECT count(*) AS count FROM sqlite_master \
                  WHERE type = 'table' AND name = '__diesel_schema_migrations'";
    let row: CountRow = diesel::sql_query(exists).get_result(connection).await?;
    if row.count == 0 {
        return Ok(BTreeSet::new());
    }
    let rows: Vec<VersionRow> = diesel::sql_query(APPLIED).load(connection).await?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}
