//! Row locks, where the database has rows to lock.

use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sqlite::Sqlite;

/// Locks the rows of the query and leaves out those that somebody else has locked. SQLite has one
/// writer at a time, so there is nothing to lock.
#[derive(Debug, Clone, Copy, QueryId)]
pub(crate) struct SkipLocked<Inner>(pub(crate) Inner);

impl<Inner: Query> Query for SkipLocked<Inner> {
    type SqlType = Inner::SqlType;
}

impl<Inner: QueryFragment<Pg>> QueryFragment<Pg> for SkipLocked<Inner> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(" FOR UPDATE SKIP LOCKED");
        Ok(())
    }
}

impl<Inner: QueryFragment<Sqlite>> QueryFragment<Sqlite> for SkipLocked<Inner> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }
}
