//! Every fault, and the tests that have to notice it. The names are those of `domain::planted`.

/// Chooses a fault.
pub(super) const VARIABLE: &str = "WINDLASS_PLANTED";

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
        tests: &[],
    },
    Planted {
        fault: "planted-scope-ignored",
        package: "domain",
        target: LIBRARY,
        tests: &[],
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
        tests: &[],
    },
    Planted {
        fault: "planted-csrf-ignored",
        package: "api",
        target: END_TO_END,
        tests: &[],
    },
    Planted {
        fault: "planted-lookup-before-permission",
        package: "application",
        target: LIBRARY,
        tests: &[],
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
];
