//! Pauses of teams and platforms.

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::DbMoment;
    mutation_pauses (scope_kind, scope_id) {
        scope_kind -> Text,
        scope_id -> Text,
        reason -> Text,
        paused_by -> Text,
        paused_at -> DbMoment,
        ended_at -> Nullable<DbMoment>,
    }
}
