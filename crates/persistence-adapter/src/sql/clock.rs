//! The database's own clock, so that leases of many processes are measured by one clock.

use super::DbMoment;
use diesel::QueryResult;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types;
use diesel::sqlite::Sqlite;
use domain::limits::JOB_LEASE;
use std::time::Duration;

/// The database's present time, moved by some microseconds.
#[derive(Debug, Clone, Copy, QueryId)]
pub(crate) struct DatabaseNow {
    offset_microseconds: i64,
}

/// What time it is for the database: on PostgreSQL, when the transaction began.
pub(crate) fn database_now() -> DatabaseNow {
    DatabaseNow {
        offset_microseconds: 0,
    }
}

/// The database's time after a while.
pub(crate) fn database_now_plus(duration: Duration) -> DatabaseNow {
    DatabaseNow {
        offset_microseconds: i64::try_from(duration.as_micros()).unwrap_or(i64::MAX / 4),
    }
}

/// The database's time a while ago.
pub(crate) fn database_now_before(duration: Duration) -> DatabaseNow {
    DatabaseNow {
        offset_microseconds: -database_now_plus(duration).offset_microseconds,
    }
}

impl Expression for DatabaseNow {
    type SqlType = DbMoment;
}
impl<Source> AppearsOnTable<Source> for DatabaseNow {}
impl<Source> SelectableExpression<Source> for DatabaseNow {}
impl<Grouping> ValidGrouping<Grouping> for DatabaseNow {
    type IsAggregate = is_aggregate::Never;
}

impl QueryFragment<Pg> for DatabaseNow {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("(now() + ");
        out.push_bind_param::<sql_types::BigInt, i64>(&self.offset_microseconds)?;
        out.push_sql(" * interval '1 microsecond')");
        Ok(())
    }
}

impl QueryFragment<Sqlite> for DatabaseNow {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("(CAST(unixepoch('subsec') * 1000000 AS INTEGER) + ");
        out.push_bind_param::<sql_types::BigInt, i64>(&self.offset_microseconds)?;
        out.push_sql(")");
        Ok(())
    }
}

/// Whether an expired lease proves anything.
#[derive(Debug, Clone, Copy, QueryId)]
pub(crate) struct LeasesMayBeTakenOver;

/// False while a PostgreSQL server is younger than one lease: holders could not renew while it was
/// down, and their calls may still be on their way.
pub(crate) fn leases_may_be_taken_over() -> LeasesMayBeTakenOver {
    LeasesMayBeTakenOver
}

impl Expression for LeasesMayBeTakenOver {
    type SqlType = sql_types::Bool;
}
impl<Source> AppearsOnTable<Source> for LeasesMayBeTakenOver {}
impl<Source> SelectableExpression<Source> for LeasesMayBeTakenOver {}
impl<Grouping> ValidGrouping<Grouping> for LeasesMayBeTakenOver {
    type IsAggregate = is_aggregate::Never;
}

impl QueryFragment<Pg> for LeasesMayBeTakenOver {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("(pg_postmaster_start_time() <= now() - ");
        out.push_sql(&JOB_LEASE.as_micros().to_string());
        out.push_sql(" * interval '1 microsecond')");
        Ok(())
    }
}

impl QueryFragment<Sqlite> for LeasesMayBeTakenOver {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("(1 = 1)");
        Ok(())
    }
}
