//! The table of allowed edges: for each of our crates, whom it may use and whom it must never know.
//! The same table stands in docs/architecture.md, for people.

/// What one of our crates may depend on.
pub(super) struct Layer {
    pub(super) name: &'static str,
    /// Our crates that it may use outside tests.
    pub(super) may_use: &'static [&'static str],
    pub(super) foreign: Foreign,
}

/// Which packages of others a crate may use outside tests. A name that ends in `*` is a beginning.
pub(super) enum Foreign {
    Only(&'static [&'static str]),
    AllBut(&'static [&'static str]),
}

const STORES: &[&str] = &["diesel*", "redis", "deadpool-redis", "tokio-postgres*"];

pub(super) const LAYERS: &[Layer] = &[
    Layer {
        name: "domain",
        may_use: &[],
        foreign: Foreign::Only(&[
            "async-trait",
            "thiserror",
            "uuid",
            "jiff",
            "zeroize",
            "mockall",
        ]),
    },
    Layer {
        name: "application",
        may_use: &["domain"],
        foreign: Foreign::Only(&[
            "async-trait",
            "thiserror",
            "uuid",
            "jiff",
            "zeroize",
            "mockall",
            "tracing",
            "futures",
            "serde",
            "serde_json",
        ]),
    },
    Layer {
        name: "virtuozzo-adapter",
        may_use: &["domain", "telemetry"],
        foreign: Foreign::AllBut(STORES),
    },
    Layer {
        name: "persistence-adapter",
        may_use: &["domain", "telemetry"],
        foreign: Foreign::AllBut(&["hyper*", "axum*", "redis", "deadpool-redis"]),
    },
    Layer {
        name: "coordination-adapter",
        may_use: &["domain", "telemetry"],
        foreign: Foreign::AllBut(&["diesel*", "tokio-postgres*", "hyper*", "axum*"]),
    },
    Layer {
        name: "custody-adapter",
        may_use: &["domain", "telemetry"],
        foreign: Foreign::AllBut(&[
            "diesel*",
            "redis",
            "deadpool-redis",
            "tokio*",
            "hyper*",
            "axum*",
        ]),
    },
    Layer {
        name: "delivery-adapter",
        may_use: &["domain", "telemetry"],
        foreign: Foreign::AllBut(STORES),
    },
    Layer {
        name: "telemetry",
        may_use: &[],
        foreign: Foreign::AllBut(STORES),
    },
    Layer {
        name: "api",
        may_use: &["domain", "application", "telemetry"],
        foreign: Foreign::AllBut(STORES),
    },
    Layer {
        name: "worker",
        may_use: &["domain", "application", "telemetry"],
        foreign: Foreign::AllBut(&[
            "diesel*",
            "redis",
            "deadpool-redis",
            "tokio-postgres*",
            "hyper*",
            "axum*",
        ]),
    },
    Layer {
        name: "server",
        may_use: &[
            "api",
            "application",
            "command-line-client",
            "coordination-adapter",
            "custody-adapter",
            "delivery-adapter",
            "domain",
            "persistence-adapter",
            "telemetry",
            "virtuozzo-adapter",
            "virtuozzo-simulator",
            "worker",
        ],
        foreign: Foreign::AllBut(&[]),
    },
    Layer {
        name: "command-line-client",
        may_use: &[],
        foreign: Foreign::AllBut(STORES),
    },
    Layer {
        name: "virtuozzo-simulator",
        may_use: &[],
        foreign: Foreign::AllBut(STORES),
    },
    Layer {
        name: "protocol-model",
        may_use: &[],
        foreign: Foreign::Only(&[]),
    },
    Layer {
        name: "testkit",
        may_use: &["domain"],
        foreign: Foreign::AllBut(&["diesel*", "hyper*"]),
    },
    Layer {
        name: "xtask",
        may_use: &[],
        // It is compiled before anything can be checked, so it stays light.
        foreign: Foreign::AllBut(&["tokio*", "diesel*", "hyper*", "axum*", "redis"]),
    },
];

/// Our crates that tests of any crate but `domain` may use. `domain` keeps builders of its own: a
/// test that uses it through another crate would see it compiled twice.
pub(super) const FOR_TESTS: &[&str] = &["testkit", "virtuozzo-simulator", "domain"];

/// The packages this product is built on, and the crates each has to serve.
pub(super) const FOUNDATIONS: &[(&str, &[&str])] = &[
    ("tokio", &["api", "persistence-adapter", "server", "worker"]),
    ("async-trait", &["domain"]),
    ("hyper", &["api", "virtuozzo-adapter"]),
    ("hyper-util", &["api", "virtuozzo-adapter"]),
    ("serde", &["api", "application", "virtuozzo-adapter"]),
    ("diesel", &["persistence-adapter"]),
    ("diesel-async", &["persistence-adapter"]),
    ("deadpool-redis", &["coordination-adapter"]),
    ("tracing", &["api", "application", "worker"]),
    ("thiserror", &["domain", "application"]),
    ("mockall", &["domain", "application"]),
];
