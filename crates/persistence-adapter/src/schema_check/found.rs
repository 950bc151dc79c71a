//! What a real database has.

use super::ColumnKey;
use crate::database::{Backend, Database};
use crate::failure::store_error;
use diesel::QueryableByName;
use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;
use domain::ports::StoreError;
use std::collections::BTreeMap;

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    description: String,
}

#[derive(QueryableByName)]
struct NameRow {
    #[diesel(sql_type = Text)]
    name: String,
}

const POSTGRES_COLUMNS: &str = "SELECT table_name::text AS table_name, \
     column_name::text AS column_name, \
     data_type || CASE is_nullable WHEN 'YES' THEN ' null' ELSE ' not null' END AS description \
     FROM information_schema.columns WHERE table_schema = current_schema() \
     AND table_name <> '__diesel_schema_migrations'";
const SQLITE_COLUMNS: &str = "SELECT m.name AS table_name, c.name AS column_name, \
     c.type || CASE c.\"notnull\" WHEN 0 THEN ' null' ELSE ' not null' END AS description \
     FROM sqlite_master m, pragma_table_xinfo(m.name) c WHERE m.type = 'table' \
     AND m.name <> '__diesel_schema_migrations' AND m.name NOT LIKE 'sqlite_%'";
const POSTGRES_OBJECTS: &str = "SELECT relname::text AS name FROM pg_class \
     WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'v', 'm', 'S') \
     AND relname <> '__diesel_schema_migrations' \
     UNION ALL SELECT proname::text FROM pg_proc \
     WHERE pronamespace = current_schema()::regnamespace \
     AND proname <> 'diesel_manage_updated_at' AND proname <> 'diesel_set_updated_at'";
const SQLITE_OBJECTS: &str = "SELECT name FROM sqlite_master \
     WHERE name <> '__diesel_schema_migrations' AND name NOT LIKE 'sqlite_%'";

/// Every column, as type and nullability.
pub(super) async fn columns(
    database: &Database,
) -> Result<BTreeMap<ColumnKey, String>, StoreError> {
    let rows: Result<Vec<ColumnRow>, _> = match database.backend() {
        Backend::Postgres(postgres) => {
            let mut connection = postgres.maintenance_connection().await?;
            diesel::sql_query(POSTGRES_COLUMNS)
                .load(&mut connection)
                .await
        }
        Backend::Sqlite(sqlite) => {
            let mut connection = sqlite.maintenance_connection().await?;
            diesel::sql_query(SQLITE_COLUMNS)
                .load(&mut connection)
                .await
        }
    };
    let rows = rows.map_err(store_error)?;
    Ok(rows
        .into_iter()
        .map(|row| ((row.table_name, row.column_name), row.description))
        .collect())
}

/// Every object that a migration may have left behind.
pub(super) async fn objects(database: &Database) -> Result<Vec<String>, StoreError> {
    let rows: Result<Vec<NameRow>, _> = match database.backend() {
        Backend::Postgres(postgres) => {
            let mut connection = postgres.maintenance_connection().await?;
            diesel::sql_query(POSTGRES_OBJECTS)
                .load(&mut connection)
                .await
        }
        Backend::Sqlite(sqlite) => {
            let mut connection = sqlite.maintenance_connection().await?;
            diesel::sql_query(SQLITE_OBJECTS)
                .load(&mut connection)
                .await
        }
    };
    let rows = rows.map_err(store_error)?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}
