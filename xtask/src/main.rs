#![doc = include_str!("../README.md")]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "telling a person what happens is what these commands are for"
)]

mod alerts;
mod bans;
mod capabilities;
mod check;
mod ci;
mod contract_tester;
mod external;
mod generated;
mod inventory;
mod layers;
mod migrations;
mod prove;
mod python;
mod task_error;
mod test;
mod throwaway_servers;
mod tidy;
mod workspace;

use clap::{Parser, Subcommand};
use std::error::Error;
use std::process::ExitCode;
use task_error::TaskError;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The developer's and CI's commands")]
struct CommandLine {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run the tests, with private throwaway PostgreSQL and Redis servers.
    Test(test::Arguments),
    /// Format, lints, tidy, layers, bans, inventory, generated files, documentation, evidence.
    Check,
    /// Everything CI runs: check, migrations check, test.
    Ci,
    /// Which crate may use which.
    Layers,
    /// House rules that no other tool knows.
    Tidy,
    /// Alerts and dashboards: their metrics exist, and `promtool` tries every alert.
    Alerts,
    /// Licences, banned crates, doubled crates, sources.
    Bans,
    /// The inventory of calls to the platform.
    Inventory {
        #[command(subcommand)]
        task: InventoryTask,
    },
    /// Write docs/capabilities.md: what each consumer of the replaced system reaches, and how.
    Capabilities(capabilities::Arguments),
    /// Write the generated files of docs/.
    Openapi(generated::Arguments),
    /// Database migrations.
    Migrations {
        #[command(subcommand)]
        task: MigrationsTask,
    },
    /// Run a long proof and write its evidence.
    Prove(prove::Arguments),
}

#[derive(Subcommand)]
enum InventoryTask {
    /// Every call has a row, every row a call, tests and a use case; nothing of the guide is missing.
    Check(inventory::Arguments),
}

#[derive(Subcommand)]
enum MigrationsTask {
    /// Up, down and up again on scratch databases of both kinds; and the expand/contract lint.
    Check,
}

fn run(task: Task) -> Result<(), TaskError> {
    match task {
        Task::Test(arguments) => test::run(&arguments),
        Task::Check => check::run(),
        Task::Ci => ci::run(),
        Task::Layers => layers::run(),
        Task::Tidy => tidy::run(),
        Task::Alerts => alerts::run(),
        Task::Bans => bans::run(),
        Task::Inventory {
            task: InventoryTask::Check(arguments),
        } => inventory::run(&arguments),
        Task::Capabilities(arguments) => capabilities::run(&arguments),
        Task::Openapi(arguments) => generated::run(&arguments),
        Task::Migrations {
            task: MigrationsTask::Check,
        } => migrations::check(),
        Task::Prove(arguments) => prove::run(&arguments),
    }
}

fn main() -> ExitCode {
    let Err(error) = run(CommandLine::parse().task) else {
        return ExitCode::SUCCESS;
    };
    eprint!("error: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        eprint!(": {cause}");
        source = cause.source();
    }
    eprintln!();
    ExitCode::from(error.exit_code())
}
