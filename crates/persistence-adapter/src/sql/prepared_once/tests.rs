use super::PrepareOnce as _;
use crate::schema::turns;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::QueryFragment;
use diesel::sqlite::Sqlite;

#[test]
fn an_update_is_prepared_anew_each_time_unless_it_is_told_to_stay() {
    let update = || diesel::update(turns::table.find("t")).set(turns::epoch.eq(1_i64));
    let is_kept = update().is_safe_to_cache_prepared(&Pg);
    assert!(
        !is_kept.expect("known"),
        "this module is not needed any more"
    );
    let kept = update().prepared_once();
    assert!(kept.is_safe_to_cache_prepared(&Pg).expect("known"));
    assert!(kept.is_safe_to_cache_prepared(&Sqlite).expect("known"));
}

#[test]
fn the_text_is_that_of_the_statement_itself() {
    let insert = || diesel::insert_into(turns::table).values(turns::scope.eq("t"));
    let text = diesel::debug_query::<Pg, _>(&insert()).to_string();
    let kept = diesel::debug_query::<Pg, _>(&insert().prepared_once()).to_string();
    assert_eq!(kept, text);
}
