//! Environments and what is in them.

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::{DbMoment, DbUuid};
    environments (team_id, id) {
        team_id -> DbUuid,
        id -> DbUuid,
        platform_account_id -> DbUuid,
        name -> Text,
        display_name -> Text,
        short_domain -> Text,
        region -> Nullable<Text>,
        blueprint -> Text,
        state -> Text,
        held_by -> Nullable<DbUuid>,
        platform_appid -> Nullable<Text>,
        site_url -> Nullable<Text>,
        synced_at -> Nullable<DbMoment>,
        created_at -> DbMoment,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::DbUuid;
    nodes (team_id, environment_id, platform_node_id) {
        team_id -> DbUuid,
        environment_id -> DbUuid,
        platform_node_id -> BigInt,
        id -> DbUuid,
        node_group -> Text,
        stack -> Text,
        is_master -> Bool,
        state -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::{DbMoment, DbUuid};
    installations (team_id, environment_id, id) {
        team_id -> DbUuid,
        environment_id -> DbUuid,
        id -> DbUuid,
        software -> Text,
        platform_unique_name -> Nullable<Text>,
        node_group -> Nullable<Text>,
        installed_at -> DbMoment,
    }
}
