//! The one place that knows which broken rule is which conflict. PostgreSQL names the rule, SQLite
//! lists its columns.

use diesel::result::DatabaseErrorInformation;
use domain::ports::Conflict;

#[cfg(test)]
mod tests;

struct Rule {
    postgres_name: &'static str,
    sqlite_columns: &'static str,
    conflict: Conflict,
}

const RULES: &[Rule] = &[
    Rule {
        postgres_name: "environments_living_name_key",
        sqlite_columns: "environments.team_id, environments.name",
        conflict: Conflict::EnvironmentName,
    },
    Rule {
        postgres_name: "environments_short_domain_key",
        sqlite_columns: "environments.short_domain",
        conflict: Conflict::ShortDomain,
    },
    Rule {
        postgres_name: "idempotency_records_pkey",
        sqlite_columns: "idempotency_records.team_id, idempotency_records.principal, \
                         idempotency_records.operation, idempotency_records.key",
        conflict: Conflict::IdempotencyKey,
    },
    Rule {
        postgres_name: "platform_accounts_team_key",
        sqlite_columns: "platform_accounts.team_id",
        conflict: Conflict::PlatformAccount,
    },
    Rule {
        postgres_name: "users_email_key",
        sqlite_columns: "users.email",
        conflict: Conflict::EmailAddress,
    },
    Rule {
        postgres_name: "memberships_pkey",
        sqlite_columns: "memberships.team_id, memberships.user_id",
        conflict: Conflict::Membership,
    },
    Rule {
        postgres_name: "jobs_live_retry_key",
        sqlite_columns: "jobs.retry_of",
        conflict: Conflict::LiveRetry,
    },
    Rule {
        postgres_name: "job_queue_one_sync_key",
        sqlite_columns: "job_queue.team_id",
        conflict: Conflict::LiveSync,
    },
    // SQLite names a rule about an expression by its index.
    Rule {
        postgres_name: "roles_name_key",
        sqlite_columns: "index 'roles_name_key'",
        conflict: Conflict::RoleName,
    },
];

const SQLITE_PREFIX: &str = "UNIQUE constraint failed: ";

/// The conflict that a broken rule stands for.
pub(crate) fn conflict_of(violation: &(dyn DatabaseErrorInformation + Send + Sync)) -> Conflict {
    let rule = match violation.constraint_name() {
        Some(name) => RULES.iter().find(|rule| rule.postgres_name == name),
        None => violation
            .message()
            .strip_prefix(SQLITE_PREFIX)
            .and_then(|columns| RULES.iter().find(|rule| rule.sqlite_columns == columns)),
    };
    rule.map_or(Conflict::Other, |rule| rule.conflict)
}
