//! Keeping statements prepared. Diesel prepares every INSERT and UPDATE anew, because their text may depend on what
//! is written; each costs PostgreSQL another round trip and another plan then, and SQLite another parse.

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};

#[cfg(test)]
mod tests;

/// A statement that a connection prepares once for each text that it has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PreparedOnce<Inner>(Inner);

/// Keeping a statement prepared.
pub(crate) trait PrepareOnce: Sized {
    /// For statements that run often and have a handful of texts: a connection never forgets one.
    fn prepared_once(self) -> PreparedOnce<Self> {
        PreparedOnce(self)
    }
}

impl<Inner> PrepareOnce for Inner {}

impl<Inner: Query> Query for PreparedOnce<Inner> {
    type SqlType = Inner::SqlType;
}

/// Known by its text alone.
impl<Inner> QueryId for PreparedOnce<Inner> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Inner: QueryFragment<DB>, DB: Backend> QueryFragment<DB> for PreparedOnce<Inner> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}
