//! Jobs, their journal and log, their queue and their turns.

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
        required_permissions -> Nullable<Text>,
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
        failure_remaining -> Nullable<Text>,
        attention_code -> Nullable<Text>,
        attention_step -> Nullable<Text>,
        attention_detail -> Nullable<Text>,
        is_cancel_requested -> Bool,
        retry_of -> Nullable<DbUuid>,
        created_at -> DbMoment,
        started_at -> Nullable<DbMoment>,
        finished_at -> Nullable<DbMoment>,
        log_sequence -> BigInt,
        version -> BigInt,
        last_fence -> BigInt,
        trace_parent -> Nullable<Text>,
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
        fence -> Nullable<BigInt>,
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
        is_past_pivot -> Bool,
        fair_at -> Nullable<DbMoment>,
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
    processes (id) {
        id -> DbUuid,
        role -> Text,
        is_coordinated -> Bool,
        lease_until -> DbMoment,
        key_ids -> Text,
    }
}
