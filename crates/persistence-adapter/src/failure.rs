//! What a failure of a database means to the callers of the ports.

use crate::constraints::conflict_of;
use diesel::result::{DatabaseErrorKind, Error};
use domain::ports::{BoxedSource, CommitError, Conflict, StoreError};

/// Why a connection cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectionLost {
    /// A statement was given up half-way, or failed so that the transaction ended.
    #[error("the connection was closed in the middle of a transaction")]
    Broken,
    /// The writer has ended.
    #[error("the store is closed")]
    Closed,
    /// The file belongs to another process.
    #[error("the store was opened for reading only")]
    ReadOnly,
    /// An earlier statement of the transaction failed, and it was committed all the same.
    #[error("a statement of the transaction had failed")]
    StatementFailed,
}

/// The store's word for a failed statement.
pub(crate) fn store_error(error: Error) -> StoreError {
    match error {
        Error::DatabaseError(DatabaseErrorKind::UniqueViolation, violation) => {
            StoreError::Conflict(conflict_of(&*violation))
        }
        Error::DatabaseError(
            DatabaseErrorKind::ForeignKeyViolation
            | DatabaseErrorKind::NotNullViolation
            | DatabaseErrorKind::CheckViolation
            | DatabaseErrorKind::RestrictViolation
            | DatabaseErrorKind::ExclusionViolation,
            _,
        ) => StoreError::Conflict(Conflict::Other),
        Error::DeserializationError(source) => StoreError::Inconsistent {
            table: "unknown",
            column: "unknown",
            detail: source.to_string(),
        },
        other => StoreError::Unavailable(Box::new(other)),
    }
}

/// The store is not there.
pub(crate) fn unavailable(source: impl Into<BoxedSource>) -> StoreError {
    StoreError::Unavailable(source.into())
}

/// What a failed COMMIT of PostgreSQL means. Only a broken rule proves that it was rolled back: a
/// server that is being shut down may report its end after the commit was stored.
pub(crate) fn commit_error(error: Error) -> CommitError {
    match error {
        Error::DatabaseError(
            DatabaseErrorKind::UniqueViolation
            | DatabaseErrorKind::ForeignKeyViolation
            | DatabaseErrorKind::NotNullViolation
            | DatabaseErrorKind::CheckViolation
            | DatabaseErrorKind::RestrictViolation
            | DatabaseErrorKind::ExclusionViolation
            | DatabaseErrorKind::SerializationFailure
            | DatabaseErrorKind::ReadOnlyTransaction,
            _,
        ) => CommitError::RolledBack(store_error(error)),
        other => CommitError::OutcomeUnknown(Box::new(other)),
    }
}

/// Something stored that should not be.
pub(crate) fn inconsistent(
    table: &'static str,
    column: &'static str,
    detail: impl std::fmt::Display,
) -> StoreError {
    StoreError::Inconsistent {
        table,
        column,
        detail: detail.to_string(),
    }
}

/// Reads a stored text into a type of the domain.
pub(crate) fn parse_column<T>(
    table: &'static str,
    column: &'static str,
    text: &str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<T, StoreError> {
    parse(text).ok_or_else(|| inconsistent(table, column, "the stored text is not a known value"))
}

/// The same for a column that may be null.
pub(crate) fn parse_optional_column<T>(
    table: &'static str,
    column: &'static str,
    text: Option<&str>,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, StoreError> {
    text.map(|text| parse_column(table, column, text, parse))
        .transpose()
}
