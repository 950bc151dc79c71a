//! Every fault, and the tests that have to notice it. The names are those of `domain::planted`.

/// Chooses a fault.
pub(super) const VARIABLE: &str = "WINDLASS_PLANTED";
/// Names the folder of crash points, which no released program knows either.
pub(super) const CRASH_POINTS: &str = "CRASH_POINTS_FOLDER";

/// One fault.
pub(super) struct Planted {
    pub(super) fault: &'static str,
    /// The crate of the tests.
    pub(super) package: &'static str,
    /// Which of its test programs, as cargo is told.
    pub(super) target: &'static [&'static str],
    /// Whole names; each of them has to fail.
    pub(super) tests: &'static [&'static str],
}

const LIBRARY: &[&str] = &["--lib"];
const END_TO_END: &[&str] = &["--test", "it"];

pub(super) const FAULTS: &[Planted] = &[
    Planted {
        fault: "planted-team-filter-dropped",
        package: "persistence-adapter",
        target: END_TO_END,
        tests: &[
            "postgres::contracts::environments::another_team_sees_nothing",
            "sqlite::contracts::environments::another_team_sees_nothing",
        ],
    },
    Planted {
        fault: "planted-scope-ignored",
        package: "domain",
        target: LIBRARY,
        tests: &[
            "access::record::tests::a_token_has_what_role_and_scopes_share_and_never_counts_as_a_fresh_proof",
        ],
    },
    Planted {
        fault: "planted-associated-data-dropped",
        package: "custody-adapter",
        target: LIBRARY,
        tests: &["vault::tests::no_ciphertext_opens_anywhere_else"],
    },
    Planted {
        fault: "planted-audit-skipped",
        package: "persistence-adapter",
        target: END_TO_END,
        tests: &[
            "postgres::contracts::audit::lines_are_read_as_they_were_written",
            "sqlite::contracts::audit::lines_are_read_as_they_were_written",
        ],
    },
    Planted {
        fault: "planted-csrf-ignored",
        package: "api",
        target: END_TO_END,
        tests: &["browser_sessions::a_session_reads_without_and_changes_only_with_its_csrf_token"],
    },
    Planted {
        fault: "planted-lookup-before-permission",
        package: "application",
        target: LIBRARY,
        tests: &[
            "authorisation::tests::a_foreign_team_looks_like_none_even_to_somebody_without_the_permission",
            "authorisation::tests::a_missing_permission_is_named_and_all_are_demanded",
            "environments::provision::tests::without_the_permission_no_store_is_touched",
        ],
    },
    Planted {
        fault: "planted-session-key-leaked",
        package: "server",
        target: END_TO_END,
        tests: &[
            "memory::embedded_with_a_password",
            "memory::postgres_and_redis_with_a_password",
        ],
    },
    Planted {
        fault: "planted-intent-forgotten",
        package: "server",
        target: END_TO_END,
        tests: &["crash_sweep::on_sqlite_whoever_comes_after_a_killed_process_carries_on"],
    },
    Planted {
        fault: "planted-send-window-ignored",
        package: "server",
        target: END_TO_END,
        tests: &["crash_sweep::a_frozen_worker_that_goes_on_changes_nothing_any_more"],
    },
    Planted {
        fault: "planted-fence-ignored",
        package: "server",
        target: END_TO_END,
        tests: &[
            "crash_sweep::situations::a_replaced_worker_changes_nothing_while_its_successor_works",
        ],
    },
    Planted {
        fault: "planted-creation-tag-ignored",
        package: "server",
        target: END_TO_END,
        tests: &[
            "crash_sweep::situations::on_sqlite::what_a_stranger_made_under_the_name_is_neither_taken_nor_deleted",
        ],
    },
    Planted {
        fault: "planted-incarnation-ignored",
        package: "server",
        target: END_TO_END,
        tests: &[
            "crash_sweep::situations::on_sqlite::what_a_stranger_made_after_a_deletion_is_not_deleted",
        ],
    },
    Planted {
        fault: "planted-baseline-ignored",
        package: "server",
        target: END_TO_END,
        tests: &[
            "crash_sweep::situations::on_sqlite::what_somebody_else_installed_before_is_not_taken_for_ours",
        ],
    },
    Planted {
        fault: "planted-blind-call-repeated",
        package: "server",
        target: END_TO_END,
        tests: &["crash_sweep::on_sqlite_whoever_comes_after_a_killed_process_carries_on"],
    },
    Planted {
        fault: "planted-other-account-believed",
        package: "server",
        target: END_TO_END,
        tests: &[
            "crash_sweep::situations::on_sqlite::what_another_account_does_not_see_is_not_taken_for_absent",
        ],
    },
    Planted {
        fault: "planted-absence-believed-at-once",
        package: "server",
        target: END_TO_END,
        tests: &["crash_sweep::situations::on_sqlite::what_lists_show_late_is_not_made_twice"],
    },
    Planted {
        fault: "planted-poison-not-set-aside",
        package: "server",
        target: END_TO_END,
        tests: &[
            "crash_sweep::situations::on_sqlite::a_job_that_kills_its_process_is_set_aside_and_the_others_go_on",
        ],
    },
    Planted {
        fault: "planted-turn-freed-while-waiting",
        package: "server",
        target: END_TO_END,
        tests: &["crash_sweep::situations::on_sqlite::a_job_that_waits_keeps_its_turn"],
    },
    Planted {
        fault: "planted-lost-commit-believed",
        package: "server",
        target: END_TO_END,
        tests: &["chaos::a_call_leaves_only_when_its_intent_is_known_to_be_stored"],
    },
    Planted {
        fault: "planted-write-lock-taken-late",
        package: "persistence-adapter",
        target: END_TO_END,
        tests: &["sqlite::beside::a_stranger_that_writes_is_waited_for"],
    },
    Planted {
        fault: "planted-old-intent-sent",
        package: "server",
        target: END_TO_END,
        tests: &["crash_sweep::situations::an_intent_that_grew_old_is_not_sent"],
    },
];
