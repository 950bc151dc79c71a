//! The SQL vocabulary that both databases understand: marker types for the schema, values, the
//! database's clock and row locks. Knows no table.

mod clock;
mod hashes;
mod locking;
mod prepared_once;
mod values;

pub(crate) use clock::{
    DatabaseNow, database_now, database_now_before, database_now_plus, leases_may_be_taken_over,
};
pub(crate) use hashes::hash_among;
pub(crate) use locking::{ForShare, ForUpdate, SkipLocked};
pub(crate) use prepared_once::PrepareOnce;
pub(crate) use values::{Id, Moment};

use diesel::query_builder::QueryId;
use diesel::sql_types::{Nullable, SingleValue, SqlType};

/// A UUID: `uuid` on PostgreSQL, 16 bytes on SQLite.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951))]
#[diesel(sqlite_type(name = "Binary"))]
pub struct DbUuid;

/// A point in time: `timestamptz` on PostgreSQL, microseconds since 1970 on SQLite.
#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185))]
#[diesel(sqlite_type(name = "Long"))]
pub struct DbMoment;

impl diesel::sql_types::SqlOrd for DbMoment {}

diesel::define_sql_function! {
    /// The text in lower case: on SQLite only its ASCII letters.
    #[sql_name = "lower"]
    fn lower_case<T: SqlType + SingleValue>(text: T) -> T;
}

diesel::define_sql_function! {
    /// The first of the two that is not null.
    #[sql_name = "coalesce"]
    fn first_not_null<T: SqlType + SingleValue>(
        first: Nullable<T>,
        second: Nullable<T>,
    ) -> Nullable<T>;
}
