//! `windlass admin`: what is done with a shell on the machine when nothing else helps. Each change is in
//! the audit trails, and so shown to the teams it is about.

mod audit;
mod export;
mod jobs;
mod new_file;
mod pauses;
mod purge;
mod support_bundle;

use super::{CommandError, read_configuration, say};
use crate::configuration::Configuration;
use crate::service::{AdministrationStore, StartError, open_to_administer};
use application::UseCaseError;
use application::administration::{
    Administrator, AppointOperator, ChangePerson, ListAllTeams, OperatorChange, PersonChange,
    ResetPersonPassword, SuspendTeam, SuspensionChange,
};
use clap::{Args, Subcommand};
use domain::ids::TeamId;
use domain::names::{EmailAddress, PauseReason};
use domain::ports::StoreError;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub(super) enum AdminCommand {
    /// Appoint those who run the service.
    #[command(subcommand)]
    Operators(OperatorsCommand),
    /// Shut people out, let them in, help them in.
    #[command(subcommand)]
    People(PeopleCommand),
    /// See and suspend teams.
    #[command(subcommand)]
    Teams(TeamsCommand),
    /// See jobs, and decide about those that wait for a person.
    #[command(subcommand)]
    Jobs(jobs::JobsCommand),
    /// Let no step of a job begin for a team, or on a platform; jobs wait.
    Pause {
        #[command(flatten)]
        scope: pauses::Scope,
        /// Why; teams read it in the log of their jobs.
        #[arg(long, value_parser = pauses::parse_reason)]
        reason: PauseReason,
    },
    /// End a pause; jobs go on by themselves.
    Resume {
        #[command(flatten)]
        scope: pauses::Scope,
    },
    /// List the pauses that last.
    Pauses {
        /// Print one JSON object instead of text for people.
        #[arg(long)]
        json: bool,
    },
    /// Remove now what is old; the service does it by itself once an hour.
    Purge {
        /// Only count.
        #[arg(long)]
        dry_run: bool,
        /// Print one JSON object instead of text for people.
        #[arg(long)]
        json: bool,
    },
    /// Check the audit trails.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Write what somebody who helps from afar asks for first into a file, without secrets.
    SupportBundle(support_bundle::Arguments),
}

#[derive(Debug, Subcommand)]
pub(super) enum OperatorsCommand {
    /// The person runs the service: they see all teams and may suspend them.
    Grant(Whom),
    /// The person does not run the service any more.
    Revoke(Whom),
}

#[derive(Debug, Subcommand)]
pub(super) enum PeopleCommand {
    /// Shut the person out: their sessions end, their tokens are refused.
    Disable(Whom),
    /// Let the person in; their address counts as proved.
    Enable(Whom),
    /// Print a token that lets the person choose a new password, once.
    ResetPassword(Whom),
}

#[derive(Debug, Subcommand)]
pub(super) enum TeamsCommand {
    /// List all teams.
    List,
    /// Take along everything that is kept of the team, one JSON object a line.
    Export {
        /// The team, as `list` shows it.
        team: TeamId,
        /// A file that is not there yet; without one the lines go to standard output.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Let the team be looked at and nothing else.
    Suspend {
        /// The team, as `list` shows it.
        team: TeamId,
    },
    /// Let the team be worked in again.
    Resume {
        /// The team, as `list` shows it.
        team: TeamId,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Check every line of every trail: changed, left out, put in, cut off at the end. Ends with 1 when
    /// a trail is broken.
    Verify {
        /// Only the trail of this team.
        #[arg(long)]
        team: Option<TeamId>,
        /// Print one JSON object instead of text for people.
        #[arg(long)]
        json: bool,
    },
}

/// A person, by address.
#[derive(Debug, Args)]
pub(super) struct Whom {
    /// The address they registered with.
    #[arg(long, value_parser = parse_email)]
    email: EmailAddress,
}

fn parse_email(text: &str) -> Result<EmailAddress, String> {
    EmailAddress::parse(text).map_err(|error| error.rule().to_owned())
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub(super) enum AdminError {
    #[error("the database cannot be used")]
    Open(#[from] StartError),
    #[error("nothing was done")]
    Refused(#[from] UseCaseError),
    #[error("the database cannot be read")]
    Read(#[from] StoreError),
    #[error("`--out {}`", path.display())]
    File {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("`--log {}`", path.display())]
    Log {
        path: PathBuf,
        source: std::io::Error,
    },
}

pub(super) async fn run(
    file: Option<PathBuf>,
    command: AdminCommand,
) -> Result<ExitCode, CommandError> {
    let configuration = read_configuration(file)?;
    match command {
        AdminCommand::Audit(AuditCommand::Verify { team, json }) => {
            return Ok(audit::verify(&configuration, team, json).await?);
        }
        AdminCommand::Operators(command) => operators(&configuration, command).await,
        AdminCommand::People(command) => people(&configuration, command).await,
        AdminCommand::Jobs(command) => jobs::run(&configuration, command).await,
        AdminCommand::Pause { scope, reason } => pauses::pause(&configuration, scope, reason).await,
        AdminCommand::Resume { scope } => pauses::resume(&configuration, scope).await,
        AdminCommand::Pauses { json } => pauses::list(&configuration, json).await,
        AdminCommand::Purge { dry_run, json } => purge::run(&configuration, dry_run, json).await,
        AdminCommand::Teams(command) => teams(&configuration, command).await,
        AdminCommand::SupportBundle(arguments) => {
            support_bundle::run(&configuration, &arguments).await
        }
    }?;
    Ok(ExitCode::SUCCESS)
}

/// Whoever runs this, for the audit trails.
fn administrator() -> Administrator {
    Administrator {
        os_user_id: rustix::process::getuid().as_raw(),
    }
}

async fn operators(
    configuration: &Configuration,
    command: OperatorsCommand,
) -> Result<(), AdminError> {
    let (whom, change, done) = match command {
        OperatorsCommand::Grant(whom) => (whom, OperatorChange::Grant, "runs the service now"),
        OperatorsCommand::Revoke(whom) => {
            let done = "does not run the service any more";
            (whom, OperatorChange::Revoke, done)
        }
    };
    let store = open_to_administer(configuration).await?;
    let use_case = AppointOperator {
        unit_of_work: store.unit_of_work,
        read_model: store.read_model,
        ids: store.ids,
    };
    use_case.run(&administrator(), &whom.email, change).await?;
    say(&format!("{} {done}", whom.email));
    Ok(())
}

async fn people(configuration: &Configuration, command: PeopleCommand) -> Result<(), AdminError> {
    let store = open_to_administer(configuration).await?;
    match command {
        PeopleCommand::Disable(whom) => {
            let ended = change_person(store, &whom, PersonChange::Disable).await?;
            say(&format!(
                "{} is shut out; {ended} session(s) ended",
                whom.email
            ));
        }
        PeopleCommand::Enable(whom) => {
            change_person(store, &whom, PersonChange::Enable).await?;
            say(&format!("{} may sign in", whom.email));
        }
        PeopleCommand::ResetPassword(whom) => reset_password(store, &whom).await?,
    }
    Ok(())
}

async fn change_person(
    store: AdministrationStore,
    whom: &Whom,
    change: PersonChange,
) -> Result<u64, AdminError> {
    let use_case = ChangePerson {
        unit_of_work: store.unit_of_work,
        read_model: store.read_model,
        ids: store.ids,
        clock: store.clock,
    };
    Ok(use_case.run(&administrator(), &whom.email, change).await?)
}

/// The token is a result and goes to standard output; it is nowhere else.
async fn reset_password(store: AdministrationStore, whom: &Whom) -> Result<(), AdminError> {
    let use_case = ResetPersonPassword {
        unit_of_work: store.unit_of_work,
        read_model: store.read_model,
        token_hasher: store.token_hasher,
        ids: store.ids,
        clock: store.clock,
    };
    let made = use_case.run(&administrator(), &whom.email).await?;
    say(&format!(
        "Give this token to {} on a safe way. It is shown only once, and good once, until {}:",
        whom.email, made.expires_at
    ));
    say(made.token.expose());
    Ok(())
}

async fn teams(configuration: &Configuration, command: TeamsCommand) -> Result<(), AdminError> {
    let (team, change, done) = match command {
        TeamsCommand::List => return list_teams(configuration).await,
        TeamsCommand::Export { team, out } => {
            return export::run(configuration, team, out.as_deref()).await;
        }
        TeamsCommand::Suspend { team } => (team, SuspensionChange::Suspend, "is suspended"),
        TeamsCommand::Resume { team } => (team, SuspensionChange::Resume, "can be worked in"),
    };
    let store = open_to_administer(configuration).await?;
    let use_case = SuspendTeam {
        unit_of_work: store.unit_of_work,
        ids: store.ids,
        clock: store.clock,
    };
    use_case.run(&administrator(), team, change).await?;
    say(&format!("{team} {done}"));
    Ok(())
}

async fn list_teams(configuration: &Configuration) -> Result<(), AdminError> {
    let use_case = ListAllTeams {
        read_model: crate::service::open_to_read(configuration)
            .await?
            .read_model,
    };
    let mut tell = |team: domain::team::Team| {
        let state = match team.suspended_at {
            None => "active".to_owned(),
            Some(since) => format!("suspended since {since}"),
        };
        say(&format!("{}  {state}  {}", team.id, team.name));
    };
    use_case.run(&mut tell).await?;
    Ok(())
}
