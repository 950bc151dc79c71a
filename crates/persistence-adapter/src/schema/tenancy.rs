//! Teams, who belongs to them in which role, and their tokens.

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::{DbMoment, DbUuid};
    teams (id) {
        id -> DbUuid,
        name -> Text,
        created_at -> DbMoment,
        suspended_at -> Nullable<DbMoment>,
        deleted_at -> Nullable<DbMoment>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::DbUuid;
    team_keys (team_id) {
        team_id -> DbUuid,
        wrapped_key -> Binary,
        master_key_id -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::DbUuid;
    roles (id) {
        id -> DbUuid,
        team_id -> DbUuid,
        kind -> Text,
        name -> Text,
        permissions -> Text,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::{DbMoment, DbUuid};
    memberships (team_id, user_id) {
        team_id -> DbUuid,
        user_id -> DbUuid,
        role_id -> DbUuid,
        role_kind -> Text,
        joined_at -> DbMoment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::{DbMoment, DbUuid};
    invitations (id) {
        id -> DbUuid,
        team_id -> DbUuid,
        email -> Text,
        role_id -> DbUuid,
        invited_by -> DbUuid,
        pepper_id -> Text,
        mac -> Binary,
        created_at -> DbMoment,
        expires_at -> DbMoment,
        accepted_at -> Nullable<DbMoment>,
        accepted_by -> Nullable<DbUuid>,
        revoked_at -> Nullable<DbMoment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::{DbMoment, DbUuid};
    team_deletions (team_id) {
        team_id -> DbUuid,
        requested_by -> DbUuid,
        pepper_id -> Text,
        mac -> Binary,
        expires_at -> DbMoment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::{DbMoment, DbUuid};
    ownership_offers (team_id) {
        team_id -> DbUuid,
        from_user_id -> DbUuid,
        to_user_id -> DbUuid,
        created_at -> DbMoment,
        expires_at -> DbMoment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::{DbMoment, DbUuid};
    api_tokens (id) {
        id -> DbUuid,
        team_id -> DbUuid,
        label -> Text,
        pepper_id -> Text,
        mac -> Binary,
        scopes -> Text,
        created_at -> DbMoment,
        expires_at -> DbMoment,
        revoked_at -> Nullable<DbMoment>,
        user_id -> Nullable<DbUuid>,
        allowed_networks -> Text,
        last_used_at -> Nullable<DbMoment>,
    }
}
