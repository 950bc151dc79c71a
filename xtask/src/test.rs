//! `cargo xtask test`: builds everything, starts throwaway servers for the whole run, runs the tests
//! and closes with one line of counts.

mod counts;

use crate::contract_tester;
use crate::external;
use crate::task_error::TaskError;
use crate::throwaway_servers::{self, ThrowawayServers};
use counts::Counts;
use std::process::Command;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Run only tests whose name holds this.
    filter: Option<String>,
    /// Test this crate only; may be given again.
    #[arg(long, short)]
    package: Vec<String>,
    /// The profile of .config/nextest.toml.
    #[arg(long, default_value = "default")]
    profile: String,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), TaskError> {
    throwaway_servers::ensure_installed()?;
    build(arguments)?;
    let servers = ThrowawayServers::start(&[])?;
    let mut command = test_command(arguments);
    for (name, url) in [
        ("WINDLASS_TEST_POSTGRES_URL", &servers.addresses.postgres),
        ("WINDLASS_TEST_REDIS_URL", &servers.addresses.redis),
    ] {
        command.envs(url.iter().map(|url| (name, url)));
    }
    let is_asked = |package: &String| package == contract_tester::PACKAGE;
    if arguments.package.is_empty() || arguments.package.iter().any(is_asked) {
        contract_tester::install_for(&mut command)?;
    }
    let mut counts = Counts::default();
    let status = external::run_listening(&mut command, |line| counts.listen(line))?;
    drop(servers);
    println!("{counts}");
    external::check(&command, status)?;
    if counts.is_empty() {
        return Err(TaskError::Unexpected {
            what: "the test run".to_owned(),
            detail: "no test was run".to_owned(),
        });
    }
    Ok(())
}

/// Tests spawn programs of other crates, so those are built too. When everything is tested they are
/// built as the tests want them: with the features of test builds, which saves a second build.
fn build(arguments: &Arguments) -> Result<(), TaskError> {
    if arguments.package.is_empty() {
        return external::run(&mut external::cargo(&[
            "build",
            "--workspace",
            "--all-targets",
        ]));
    }
    let programs = [
        "build",
        "--bins",
        "-p",
        "testkit",
        "-p",
        "virtuozzo-simulator",
    ];
    external::run(&mut external::cargo(&programs))
}

/// Nextest where it is installed; else cargo's own runner, because compiling nextest takes minutes.
fn test_command(arguments: &Arguments) -> Command {
    let has_nextest = external::succeeds(&mut external::cargo(&["nextest", "--version"]));
    let mut command = if has_nextest {
        let mut command = external::cargo(&["nextest", "run", "--profile"]);
        command.arg(&arguments.profile);
        command
    } else {
        external::cargo(&["test", "--all-targets", "--no-fail-fast"])
    };
    match &arguments.package[..] {
        [] => command.arg("--workspace"),
        packages => command.args(packages.iter().flat_map(|package| ["-p", package])),
    };
    command.arg("--").args(&arguments.filter);
    command
}
