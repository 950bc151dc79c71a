//! Compares `schema.rs` with a real database: what the queries believe must be what the migrations
//! made.

mod described;
mod found;

use crate::database::Database;
use crate::options::DatabaseKind;
use described::described_columns;
use domain::ports::StoreError;
use std::collections::BTreeMap;
use std::fmt;

/// A place where `schema.rs` and the database disagree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaDifference {
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// What `schema.rs` says, as type and nullability; nothing when it does not know the column.
    pub described: Option<String>,
    /// What the database has; nothing when the column is not there.
    pub found: Option<String>,
}

impl fmt::Display for SchemaDifference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nothing = "nothing".to_owned();
        write!(
            formatter,
            "{}.{}: schema.rs says {}, the database has {}",
            self.table,
            self.column,
            self.described.as_ref().unwrap_or(&nothing),
            self.found.as_ref().unwrap_or(&nothing)
        )
    }
}

/// Why a comparison found no agreement.
#[derive(Debug, thiserror::Error)]
pub enum SchemaCheckError {
    /// They differ.
    #[error("schema.rs and the database differ in {} places", .0.len())]
    Different(Vec<SchemaDifference>),
    /// The database cannot be asked.
    #[error("the database cannot be asked for its schema")]
    Store(#[from] StoreError),
}

/// A column of a table, by the names of both.
pub(crate) type ColumnKey = (String, String);

/// Passes when tables, columns, types and nullability are the same on both sides.
pub async fn compare(database: &Database) -> Result<(), SchemaCheckError> {
    let described = described_columns(database.kind() == DatabaseKind::Postgres);
    let differences = differences(&described, &found::columns(database).await?);
    if differences.is_empty() {
        Ok(())
    } else {
        Err(SchemaCheckError::Different(differences))
    }
}

/// The names of all tables, views and functions of ours in the database; empty after
/// [`Database::revert_all`].
pub async fn objects(database: &Database) -> Result<Vec<String>, StoreError> {
    found::objects(database).await
}

fn differences(
    described: &BTreeMap<ColumnKey, String>,
    found: &BTreeMap<ColumnKey, String>,
) -> Vec<SchemaDifference> {
    let only_found = found.keys().filter(|key| !described.contains_key(*key));
    described
        .keys()
        .chain(only_found)
        .filter(|key| described.get(*key) != found.get(*key))
        .map(|key| SchemaDifference {
            table: key.0.clone(),
            column: key.1.clone(),
            described: described.get(key).cloned(),
            found: found.get(key).cloned(),
        })
        .collect()
}

#[cfg(test)]
mod tests;
