//! The tables, as both databases have them. `schema_check` compares this with a real database.

#![cfg_attr(
    not(test),
    expect(
        clippy::wildcard_imports,
        reason = "the table macro wants all SQL types in scope, used or not"
    )
)]

mod accounts;
mod events;
mod pauses;
mod people;
mod reconciliation;
mod records;
mod sites;
mod tenancy;
mod work;

pub(crate) use accounts::{platform_accounts, platform_sessions};
pub(crate) use events::{team_event_counters, team_events, webhook_deliveries, webhooks};
pub(crate) use pauses::mutation_pauses;
pub(crate) use people::{
    email_links, login_throttles, recovery_codes, user_keys, user_sessions, users,
};
pub(crate) use reconciliation::{findings, team_syncs};
pub(crate) use records::{audit_events, audit_trails, idempotency_records};
pub(crate) use sites::{environments, installations, nodes};
pub(crate) use tenancy::{
    api_tokens, invitations, memberships, ownership_offers, roles, team_deletions, team_keys, teams,
};
pub(crate) use work::{job_log, job_queue, job_steps, jobs, processes, turn_waits, turns};

macro_rules! all_tables {
    ($visit:ident) => {
        $visit! {
            api_tokens, audit_events, audit_trails, email_links, environments, findings, idempotency_records, installations, invitations, job_log, job_queue, job_steps, jobs, login_throttles, memberships, mutation_pauses, nodes, ownership_offers, platform_accounts, platform_sessions, processes, recovery_codes, roles, team_deletions, team_event_counters, team_events, team_keys, team_syncs, teams, turn_waits, turns, user_keys, user_sessions, users, webhook_deliveries, webhooks
        }
    };
}
pub(crate) use all_tables;

diesel::allow_tables_to_appear_in_same_query!(
    environments,
    idempotency_records,
    job_queue,
    jobs,
    mutation_pauses,
    platform_accounts,
    platform_sessions,
    team_event_counters,
    team_keys,
    team_syncs,
    turn_waits,
    turns,
    webhooks,
);
diesel::allow_tables_to_appear_in_same_query!(
    api_tokens,
    invitations,
    memberships,
    roles,
    teams,
    user_sessions,
    users,
);
