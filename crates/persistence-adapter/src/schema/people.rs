//! People, what they prove themselves with, and how often they may try.

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::{DbMoment, DbUuid};
    users (id) {
        id -> DbUuid,
        email -> Text,
        name -> Text,
        password_hash -> Text,
        state -> Text,
        is_operator -> Bool,
        second_factor_secret -> Nullable<Binary>,
        second_factor_confirmed_at -> Nullable<DbMoment>,
        second_factor_last_step -> Nullable<BigInt>,
        created_at -> DbMoment,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::DbUuid;
    user_keys (user_id) {
        user_id -> DbUuid,
        wrapped_key -> Binary,
        master_key_id -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::DbUuid;
    recovery_codes (user_id, mac, pepper_id) {
        user_id -> DbUuid,
        pepper_id -> Text,
        mac -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::{DbMoment, DbUuid};
    email_links (id) {
        id -> DbUuid,
        user_id -> DbUuid,
        purpose -> Text,
        pepper_id -> Text,
        mac -> Binary,
        created_at -> DbMoment,
        expires_at -> DbMoment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::{DbMoment, DbUuid};
    user_sessions (id) {
        id -> DbUuid,
        user_id -> DbUuid,
        pepper_id -> Text,
        mac -> Binary,
        created_at -> DbMoment,
        authenticated_at -> DbMoment,
        last_used_at -> DbMoment,
        expires_at -> DbMoment,
        ended_at -> Nullable<DbMoment>,
        client_address -> Nullable<Text>,
        user_agent -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::DbMoment;
    login_throttles (subject) {
        subject -> Text,
        attempts -> BigInt,
        window_started_at -> DbMoment,
    }
}
