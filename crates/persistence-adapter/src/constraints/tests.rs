use super::{Conflict, RULES, conflict_of};

const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/postgres/0002_platform_accounts/up.sql"),
    include_str!("../../migrations/postgres/0003_environments/up.sql"),
    include_str!("../../migrations/postgres/0006_requests_and_audit/up.sql"),
    include_str!("../../migrations/postgres/0008_people/up.sql"),
    include_str!("../../migrations/postgres/0009_teams_and_roles/up.sql"),
    include_str!("../../migrations/postgres/0018_one_live_retry/up.sql"),
    include_str!("../../migrations/postgres/0020_syncs_and_findings/up.sql"),
];

#[test]
fn every_rule_is_named_in_a_migration() {
    for rule in RULES {
        assert!(
            MIGRATIONS
                .iter()
                .any(|sql| sql.contains(rule.postgres_name)),
            "{} is in no migration",
            rule.postgres_name
        );
    }
}

#[test]
fn sqlite_messages_are_told_apart_by_their_columns() {
    let message = |columns: &str| format!("UNIQUE constraint failed: {columns}");
    let conflicts = [
        (
            "environments.team_id, environments.name",
            Conflict::EnvironmentName,
        ),
        ("environments.team_id, environments.id", Conflict::Other),
        ("environments.short_domain", Conflict::ShortDomain),
        ("platform_accounts.team_id", Conflict::PlatformAccount),
        ("platform_accounts.id", Conflict::Other),
        ("users.email", Conflict::EmailAddress),
        (
            "memberships.team_id, memberships.user_id",
            Conflict::Membership,
        ),
        ("memberships.team_id", Conflict::Other),
        ("index 'roles_name_key'", Conflict::RoleName),
        ("index 'roles_built_in_key'", Conflict::Other),
    ];
    for (columns, conflict) in conflicts {
        assert_eq!(conflict_of(&message(columns)), conflict, "{columns}");
    }
}
