//! Syncs and what they found.

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::{DbMoment, DbUuid};
    team_syncs (team_id) {
        team_id -> DbUuid,
        due_at -> DbMoment,
        ended_at -> Nullable<DbMoment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::{DbMoment, DbUuid};
    findings (team_id, id) {
        team_id -> DbUuid,
        id -> DbUuid,
        kind -> Text,
        subject -> Text,
        environment_id -> Nullable<DbUuid>,
        address -> Nullable<Text>,
        display_name -> Nullable<Text>,
        detail -> Text,
        first_seen_at -> DbMoment,
        confirmed_at -> Nullable<DbMoment>,
        closed_at -> Nullable<DbMoment>,
    }
}
