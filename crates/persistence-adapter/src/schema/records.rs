//! What is remembered about requests.

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::{DbMoment, DbUuid};
    idempotency_records (team_id, principal, operation, key) {
        team_id -> DbUuid,
        principal -> Text,
        operation -> Text,
        key -> Text,
        fingerprint -> Binary,
        job_id -> DbUuid,
        created_at -> DbMoment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::DbUuid;
    audit_trails (team_id) {
        team_id -> DbUuid,
        last_sequence -> BigInt,
        last_key_id -> Nullable<Text>,
        last_mac -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::{DbMoment, DbUuid};
    audit_events (team_id, sequence) {
        team_id -> DbUuid,
        sequence -> BigInt,
        id -> DbUuid,
        at -> DbMoment,
        principal -> Text,
        action -> Text,
        target -> Text,
        outcome -> Text,
        request_id -> Nullable<DbUuid>,
        client_address -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        credential -> Nullable<Text>,
        detail -> Nullable<Text>,
        seal_key_id -> Nullable<Text>,
        seal_mac -> Nullable<Binary>,
    }
}
