//! `cargo xtask ci`: everything, in the order in which it fails soonest.

use crate::task_error::TaskError;
use crate::{check, migrations, test};
use clap::Parser;

#[derive(Parser)]
struct TestCommandLine {
    #[command(flatten)]
    arguments: test::Arguments,
}

pub(crate) fn run() -> Result<(), TaskError> {
    check::run()?;
    let tests = TestCommandLine::parse_from(["test", "--profile", "ci"]);
    test::run(&tests.arguments)?;
    migrations::check()
}
