//! What happened in teams, and who is told.

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::DbUuid;
    team_event_counters (team_id) {
        team_id -> DbUuid,
        last_sequence -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::{DbMoment, DbUuid};
    team_events (team_id, sequence) {
        team_id -> DbUuid,
        sequence -> BigInt,
        at -> DbMoment,
        event_type -> Text,
        subject -> Text,
        environment_id -> Nullable<DbUuid>,
        detail -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::{DbMoment, DbUuid};
    webhooks (team_id, id) {
        team_id -> DbUuid,
        id -> DbUuid,
        url -> Text,
        description -> Nullable<Text>,
        event_types -> Text,
        state -> Text,
        sealed_secret -> Binary,
        previous_sealed_secret -> Nullable<Binary>,
        previous_until -> Nullable<DbMoment>,
        told_until -> BigInt,
        created_at -> DbMoment,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::{DbMoment, DbUuid};
    webhook_deliveries (team_id, webhook_id, id) {
        team_id -> DbUuid,
        webhook_id -> DbUuid,
        id -> DbUuid,
        message_id -> Text,
        event_type -> Text,
        body -> Text,
        state -> Text,
        attempts -> Integer,
        due_at -> DbMoment,
        created_at -> DbMoment,
        last_attempt_at -> Nullable<DbMoment>,
        last_status -> Nullable<Integer>,
        last_error -> Nullable<Text>,
        ended_at -> Nullable<DbMoment>,
    }
}
