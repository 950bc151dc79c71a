//! `cargo xtask check`: everything that needs no running server. All of it is done, then all that is
//! wrong is said.

use crate::task_error::TaskError;
use crate::{
    alerts, bans, capabilities, external, generated, inventory, layers, migrations, prove, tidy,
};

type Step = (&'static str, fn() -> Result<(), TaskError>);

const STEPS: [Step; 12] = [
    ("format", || {
        external::run(&mut external::cargo(&["fmt", "--all", "--check"]))
    }),
    ("tidy", tidy::run),
    ("layers", layers::run),
    ("bans", bans::run),
    ("inventory", inventory::check),
    ("migrations lint", migrations::lint),
    ("clippy", clippy),
    ("documentation", documentation),
    ("generated files", generated::check),
    ("capabilities", capabilities::check),
    ("alerts", alerts::run),
    ("evidence", prove::check_evidence),
];

pub(crate) fn run() -> Result<(), TaskError> {
    let mut failed = Vec::new();
    for (name, step) in STEPS {
        match step() {
            Ok(()) => println!("{name}: good"),
            Err(error) => {
                println!("{name}: {error}");
                failed.push(format!("- {name}"));
            }
        }
    }
    TaskError::from_findings("check", failed)
}

fn clippy() -> Result<(), TaskError> {
    let arguments = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ];
    external::run(&mut external::cargo(&arguments))
}

fn documentation() -> Result<(), TaskError> {
    let arguments = [
        "doc",
        "--workspace",
        "--lib",
        "--bin",
        "xtask",
        // With them come the features that clippy has just looked at everything with: nothing is compiled again.
        "--examples",
        "--no-deps",
        "--document-private-items",
    ];
    external::run(external::cargo(&arguments).env("RUSTDOCFLAGS", "-D warnings"))
}
