//! Looking a token up by the forms it may be stored under: one per pepper in use, so a handful.

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::expression::{
    AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate,
};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{Binary, Bool, HasSqlType, Text};
use domain::people::TokenHash;

/// Whether the columns hold one of the hashes: each a comparison of its own, so that an index is used
/// and a hash never passes under another one's pepper.
#[derive(Debug, Clone)]
pub(crate) struct HashAmong<Mac, Pepper> {
    mac: Mac,
    pepper_id: Pepper,
    hashes: Vec<TokenHash>,
}

/// Whether `mac` and `pepper_id` are one of the hashes.
pub(crate) fn hash_among<Mac, Pepper>(
    mac: Mac,
    pepper_id: Pepper,
    hashes: &[TokenHash],
) -> HashAmong<Mac, Pepper> {
    HashAmong {
        mac,
        pepper_id,
        hashes: hashes.to_vec(),
    }
}

impl<Mac, Pepper> Expression for HashAmong<Mac, Pepper> {
    type SqlType = Bool;
}
impl<Source, Mac, Pepper> AppearsOnTable<Source> for HashAmong<Mac, Pepper>
where
    Mac: AppearsOnTable<Source>,
    Pepper: AppearsOnTable<Source>,
{
}
impl<Source, Mac, Pepper> SelectableExpression<Source> for HashAmong<Mac, Pepper>
where
    Mac: SelectableExpression<Source>,
    Pepper: SelectableExpression<Source>,
{
}
impl<Grouping, Mac, Pepper> ValidGrouping<Grouping> for HashAmong<Mac, Pepper> {
    type IsAggregate = is_aggregate::Never;
}
/// Its text depends on how many hashes there are.
impl<Mac, Pepper> QueryId for HashAmong<Mac, Pepper> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB, Mac, Pepper> QueryFragment<DB> for HashAmong<Mac, Pepper>
where
    DB: Backend + HasSqlType<Binary> + HasSqlType<Text>,
    Mac: QueryFragment<DB>,
    Pepper: QueryFragment<DB>,
    Vec<u8>: ToSql<Binary, DB>,
    String: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if self.hashes.is_empty() {
            out.push_sql("1 = 0");
            return Ok(());
        }
        // Nothing but indexed comparisons, or SQLite would read the whole table.
        let mut before = "((";
        for hash in &self.hashes {
            out.push_sql(before);
            self.mac.walk_ast(out.reborrow())?;
            out.push_sql(" = ");
            out.push_bind_param::<Binary, _>(&hash.mac)?;
            out.push_sql(" AND ");
            self.pepper_id.walk_ast(out.reborrow())?;
            out.push_sql(" = ");
            out.push_bind_param::<Text, _>(&hash.pepper_id)?;
            before = ") OR (";
        }
        out.push_sql("))");
        Ok(())
    }
}
