//! The tables, as both databases have them. `schema_check` compares this with a real database.

#![cfg_attr(
    not(test),
    expect(
        clippy::wildcard_imports,
        reason = "the table macro wants all SQL types in scope, used or not"
    )
)]

macro_rules! all_tables {
    ($visit:ident) => {
        $visit! {
            api_tokens, audit_events, audit_trails, environments, idempotency_records,
            installations, job_log, job_queue, job_steps, jobs, nodes, platform_accounts,
            platform_sessions, processes, team_keys, teams, turn_waits, turns
        }
    };
}
pub(crate) use all_tables;

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::{DbMoment, DbUuid};
    teams (id) {
        id -> DbUuid,
        name -> Text,
        created_at -> DbMoment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::DbUuid;
    team_keys (team_id) {
        team_id -> DbUuid,
        wrapped_key -> Binary,
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
    }
}

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

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::{DbMoment, DbUuid};
    jobs (team_id, id) {
        team_id -> DbUuid,
        id -> DbUuid,
        kind -> Text,
        kind_version -> Integer,
        state -> Text,
        environment_id -> Nullable<DbUuid>,
        principal -> Text,
        payload -> Text,
        percent -> SmallInt,
        step -> Nullable<Text>,
        steps_done -> Integer,
        steps_total -> Integer,
        waiting_for -> Nullable<Text>,
        failure_code -> Nullable<Text>,
        failure_step -> Nullable<Text>,
        failure_platform_code -> Nullable<BigInt>,
        failure_is_retryable -> Nullable<Bool>,
        failure_detail -> Nullable<Text>,
        is_cancel_requested -> Bool,
        retry_of -> Nullable<DbUuid>,
        created_at -> DbMoment,
        started_at -> Nullable<DbMoment>,
        finished_at -> Nullable<DbMoment>,
        log_sequence -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::{DbMoment, DbUuid};
    job_steps (job_id, sequence) {
        job_id -> DbUuid,
        sequence -> BigInt,
        id -> DbUuid,
        step -> Text,
        direction -> Text,
        state -> Text,
        started_at -> DbMoment,
        answer_by -> DbMoment,
        baseline -> Nullable<Text>,
        findings -> Nullable<Text>,
        output -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::{DbMoment, DbUuid};
    job_log (job_id, sequence) {
        job_id -> DbUuid,
        sequence -> BigInt,
        at -> DbMoment,
        level -> Text,
        step -> Nullable<Text>,
        message -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::{DbMoment, DbUuid};
    job_queue (job_id) {
        job_id -> DbUuid,
        team_id -> DbUuid,
        environment_id -> Nullable<DbUuid>,
        kind -> Text,
        kind_version -> Integer,
        due_at -> DbMoment,
        lease_owner -> Nullable<DbUuid>,
        lease_until -> Nullable<DbMoment>,
        fence -> BigInt,
        deaths -> Integer,
        is_cancel_requested -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::{DbMoment, DbUuid};
    turns (scope) {
        scope -> Text,
        holder_job_id -> Nullable<DbUuid>,
        held_since -> Nullable<DbMoment>,
        epoch -> BigInt,
        next_seq -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::DbUuid;
    turn_waits (scope, seq) {
        scope -> Text,
        seq -> BigInt,
        job_id -> DbUuid,
    }
}

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
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::sql::{DbMoment, DbUuid};
    processes (id) {
        id -> DbUuid,
        role -> Text,
        is_coordinated -> Bool,
        lease_until -> DbMoment,
    }
}

diesel::joinable!(api_tokens -> teams (team_id));
diesel::allow_tables_to_appear_in_same_query!(
    environments,
    job_queue,
    jobs,
    platform_accounts,
    platform_sessions,
    team_keys,
    turn_waits,
    turns,
);
diesel::allow_tables_to_appear_in_same_query!(api_tokens, teams);
