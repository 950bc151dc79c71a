//! Row locks, where the database has rows to lock. SQLite has one writer at a time, so there is
//! nothing to lock. A query that locks is about one table: a joined row that changed while we waited
//! would no longer fit, and the whole be left out.

use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sqlite::Sqlite;

macro_rules! row_locks {
    ($($(#[$doc:meta])* $name:ident = $clause:literal;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, QueryId)]
            pub(crate) struct $name<Inner>(pub(crate) Inner);

            impl<Inner: Query> Query for $name<Inner> {
                type SqlType = Inner::SqlType;
            }

            impl<Inner: QueryFragment<Pg>> QueryFragment<Pg> for $name<Inner> {
                fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
                    self.0.walk_ast(out.reborrow())?;
                    out.push_sql($clause);
                    Ok(())
                }
            }

            impl<Inner: QueryFragment<Sqlite>> QueryFragment<Sqlite> for $name<Inner> {
                fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
                    self.0.walk_ast(out)
                }
            }
        )*
    };
}

row_locks! {
    /// Locks the rows of the query and leaves out those that somebody else has locked.
    SkipLocked = " FOR UPDATE SKIP LOCKED";
    /// Locks the rows of the query against everybody else who locks or changes them.
    ForUpdate = " FOR UPDATE";
    /// Locks the rows of the query against changes; others may lock them like this, too.
    ForShare = " FOR SHARE";
}
