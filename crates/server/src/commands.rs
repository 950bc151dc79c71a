//! The commands of the binary, one per file.

mod admin;
mod config;
#[cfg(feature = "demo")]
mod demo;
mod doctor;
mod documents;
mod keys;
mod migrate;
mod serve;

use crate::configuration::{Configuration, ConfigurationError, Sources};
use crate::service::{Role, StartError};
use clap::{Parser, Subcommand};
use command_line_client::ClientCommand;
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use telemetry::error_chain::ErrorChain;
use telemetry::logs::{LogFormat, LogGuard, LogOptions, LogStartError};
use telemetry::traces::{TraceStartError, Traces};

/// A self-hosted control plane for the Virtuozzo Application Platform.
#[derive(Debug, Parser)]
#[command(name = "windlass", version, about, arg_required_else_help = true)]
pub struct CommandLine {
    /// The configuration file; without one, defaults and the environment hold.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the API and the worker until a signal comes.
    Serve {
        /// Which parts to run.
        #[arg(long, value_enum, default_value = "all")]
        role: Role,
    },
    /// Provision a WordPress site on a simulated platform, through the real API and worker.
    #[cfg(feature = "demo")]
    Demo {
        /// End after the site stands, with the job's outcome as exit code.
        #[arg(long)]
        exit: bool,
        /// Print one JSON object at the end instead of text for people.
        #[arg(long)]
        json: bool,
    },
    /// Bring the database to this version's schema.
    Migrate,
    /// Check or show the settings.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Look whether everything that Windlass needs is there, and say what to do about what is not. Changes nothing.
    Doctor {
        /// Print one JSON object instead of text for people.
        #[arg(long)]
        json: bool,
    },
    /// Show the keys that everything is sealed with, and rotate them while everything runs.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Do with a shell on this machine what nothing else helps with; each change is audited.
    #[command(subcommand)]
    Admin(admin::AdminCommand),
    #[command(flatten)]
    Client(ClientCommand),
    /// Print the OpenAPI document.
    Openapi,
    /// Print a generated page of the documentation.
    Docs {
        /// Which page.
        #[arg(value_enum)]
        page: DocumentationPage,
    },
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Read all settings and say whether they are right.
    Check,
    /// Print all settings as they hold, secrets masked.
    Print,
}

/// A generated page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum DocumentationPage {
    /// Every error code.
    Errors,
    /// Every permission, and the roles that have it.
    Permissions,
    /// Every kind of job with its steps.
    Jobs,
    /// Every setting.
    Configuration,
    /// Every metric.
    Metrics,
}

/// Why a command ended badly.
#[derive(Debug, thiserror::Error)]
enum CommandError {
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    #[error("logging cannot start")]
    Logging(#[from] LogStartError),
    #[error("traces cannot be sent")]
    Traces(#[from] TraceStartError),
    #[error("windlass cannot start")]
    Start(#[from] StartError),
    #[error("metrics cannot start")]
    Metrics(#[from] telemetry::metrics_exporter::MetricsStartError),
    #[error(transparent)]
    Admin(#[from] admin::AdminError),
    #[error("the signal handler cannot be installed")]
    Signals(#[source] std::io::Error),
    #[error(transparent)]
    Keys(#[from] keys::KeysError),
    #[cfg(feature = "demo")]
    #[error("the demo failed: {0}")]
    Demo(String),
}

/// Runs the command that the arguments name.
pub async fn run(command_line: CommandLine) -> ExitCode {
    let outcome = match command_line.command {
        Command::Client(command) => Ok(command_line_client::run(command).await),
        Command::Openapi => Ok(documents::openapi()),
        Command::Docs { page } => Ok(documents::page(page)),
        #[cfg(feature = "demo")]
        Command::Demo { exit, json } => demo::run(demo::DemoOptions { exit, json }).await,
        Command::Serve { role } => serve::run(command_line.config, role).await,
        Command::Admin(command) => admin::run(command_line.config, command).await,
        Command::Doctor { json } => doctor::run(command_line.config, json).await,
        Command::Migrate => migrate::run(command_line.config).await,
        Command::Keys(command) => keys::run(command_line.config, command).await,
        Command::Config(ConfigCommand::Check) => config::check(command_line.config),
        Command::Config(ConfigCommand::Print) => config::print(command_line.config),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            complain(&error);
            ExitCode::from(2)
        }
    }
}

/// One line on standard error; standard output belongs to results.
fn complain(error: &CommandError) {
    writeln!(std::io::stderr(), "windlass: {}", ErrorChain(error)).ok();
}

/// A line of a command's result. Whoever read it may have gone away, such as `head`; that is no fault.
fn say(line: &str) {
    writeln!(std::io::stdout(), "{line}").ok();
}

fn read_configuration(file: Option<PathBuf>) -> Result<Configuration, CommandError> {
    Ok(Configuration::read(&Sources::of_process(file)?)?)
}

fn start_logging(
    configuration: &Configuration,
    traces: Option<&Traces>,
) -> Result<LogGuard, CommandError> {
    let default_format = if std::io::stderr().is_terminal() {
        LogFormat::Human
    } else {
        LogFormat::Json
    };
    let options = LogOptions {
        format: configuration.log.format.unwrap_or(default_format),
        filter: &configuration.log.filter,
    };
    Ok(telemetry::logs::start(options, traces)?)
}
