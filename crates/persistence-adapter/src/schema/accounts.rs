//! Platform accounts and their sessions.

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::{DbMoment, DbUuid};
    platform_accounts (id) {
        id -> DbUuid,
        team_id -> DbUuid,
        platform -> Text,
        credential_kind -> Text,
        sealed_credential -> Binary,
        sealed_confirmation -> Nullable<Binary>,
        credential_version -> BigInt,
        state -> Text,
        platform_uid -> BigInt,
        deletion -> Text,
        checked_at -> DbMoment,
        created_at -> DbMoment,
        version -> BigInt,
        uid_since -> Nullable<DbMoment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::{DbMoment, DbUuid};
    platform_sessions (account_id) {
        account_id -> DbUuid,
        credential_version -> BigInt,
        generation -> BigInt,
        sealed_key -> Nullable<Binary>,
        renewal_owner -> Nullable<DbUuid>,
        renewal_lease_until -> Nullable<DbMoment>,
    }
}
