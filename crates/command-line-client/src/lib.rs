#![doc = include_str!("../README.md")]

mod connection;
mod environments;
mod event_stream;
mod exit_code;
mod failure;
mod jobs;
mod login;
mod logs;
mod output;
mod stored_login;

pub use environments::EnvironmentCommand;
pub use jobs::JobCommand;
pub use logs::LogsArguments;
pub use output::Output;

use clap::Subcommand;
use connection::Connection;
use failure::Failure;
use std::process::ExitCode;
use stored_login::{StoredLogin, VARIABLES};

/// What a user of a Windlass can do from a shell.
#[derive(Debug, Subcommand)]
pub enum ClientCommand {
    /// Keep the address of a Windlass and an API token for the other commands; the token is read from standard input.
    Login {
        /// Where it is, such as `https://windlass.example.com`.
        #[arg(long, value_name = "URL")]
        server: String,
    },
    /// Environments of the token's team.
    #[command(subcommand)]
    Env(EnvironmentCommand),
    /// Jobs of the token's team.
    #[command(subcommand)]
    Job(JobCommand),
    /// Print the end of a log file of a node; without a file, list the files.
    Logs(LogsArguments),
}

/// Whether the variable is one that these commands read; the service has no setting of that name.
pub fn is_own_variable(name: &str) -> bool {
    VARIABLES.contains(&name)
}

/// Does it. Standard output gets the result, standard error one line about what went wrong.
pub async fn run(command: ClientCommand) -> ExitCode {
    match run_command(command).await {
        Ok(code) => code,
        Err(failure) => {
            output::complain(&failure);
            failure.exit_code().into()
        }
    }
}

async fn run_command(command: ClientCommand) -> Result<ExitCode, Failure> {
    if let ClientCommand::Login { server } = command {
        login::run(&server).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let login = StoredLogin::of_process()?;
    let connection = Connection::new(&login.server, login.token)?;
    let client = Client {
        connection,
        team: login.team,
    };
    match command {
        ClientCommand::Login { .. } => Ok(ExitCode::SUCCESS),
        ClientCommand::Env(command) => environments::run(&client, command).await,
        ClientCommand::Job(command) => jobs::run(&client, command).await,
        ClientCommand::Logs(arguments) => logs::run(&client, arguments).await,
    }
}

/// A token's way to its team.
struct Client {
    connection: Connection,
    team: String,
}

impl Client {
    fn path(&self, rest: &str) -> String {
        format!("/v1/teams/{}{rest}", self.team)
    }
}
