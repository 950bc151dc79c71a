//! `windlass admin jobs`: jobs of all teams, and deciding about those that wait for a person.

pub(super) mod dossier;
mod listing;

use super::{AdminError, administrator};
use crate::commands::say;
use crate::configuration::Configuration;
use crate::service::{open_to_administer, open_to_read};
use application::administration::{
    CloseJob, ListAllJobs, PersonsWord, ReopenJob, RepeatJob, Repeated, ShowJob,
};
use application::jobs::RetryJob;
use clap::{Args, Subcommand};
use domain::ids::{JobId, TeamId};
use domain::job::{JobKind, JobState};
use domain::limits::PAGE_SIZE_DEFAULT;
use domain::page::PageRequest;
use domain::ports::JobFilter;

#[derive(Debug, Subcommand)]
pub(in crate::commands) enum JobsCommand {
    /// List jobs, newest first.
    List(ListArguments),
    /// Show a job with its journal and its log, and what can be done about it.
    Show {
        /// The job.
        job: JobId,
        /// Print one JSON object instead of text for people.
        #[arg(long)]
        json: bool,
    },
    /// Let a job go on that waits for a person: the platform is asked once more. What failed or was cancelled
    /// is done once more as a new job.
    Retry(Decision),
    /// Say what became of the step in doubt; the job goes on from there.
    Resolve {
        #[command(flatten)]
        finding: Finding,
        #[command(flatten)]
        decision: Decision,
    },
    /// End a job that waits for a person as failed, and free its environment.
    Fail(Decision),
}

/// What is listed.
#[derive(Debug, Args)]
pub(in crate::commands) struct ListArguments {
    /// Only jobs in this state, such as `needs_attention`.
    #[arg(long, value_parser = parse_state)]
    state: Option<JobState>,
    /// Only jobs of this kind, such as `environment.provision`.
    #[arg(long, value_parser = parse_kind)]
    kind: Option<JobKind>,
    /// Only jobs of this team.
    #[arg(long)]
    team: Option<TeamId>,
    /// Most jobs to list, up to 200.
    #[arg(long, default_value_t = PAGE_SIZE_DEFAULT)]
    limit: u32,
    /// Only jobs older than this one: the last of the page before.
    #[arg(long, value_name = "JOB")]
    before: Option<JobId>,
    /// Print one JSON object instead of text for people.
    #[arg(long)]
    json: bool,
}

/// Which job, and why.
#[derive(Debug, Args)]
pub(in crate::commands) struct Decision {
    /// The job, as `list` shows it.
    job: JobId,
    /// What you found out, for the team's audit trail and the job's log.
    #[arg(long, value_parser = parse_note)]
    note: Option<String>,
}

/// What became of the step in doubt.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(in crate::commands) struct Finding {
    /// It happened.
    #[arg(long)]
    happened: bool,
    /// It did not happen and will not: it is sent again.
    #[arg(long)]
    did_not_happen: bool,
}

/// Longest note, in characters: it stands in a line of the log beside other words.
const NOTE_LENGTH_MAX: usize = 500;

fn parse_note(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err("must hold text and no control characters".to_owned());
    }
    if text.chars().count() > NOTE_LENGTH_MAX {
        return Err(format!("must have at most {NOTE_LENGTH_MAX} characters"));
    }
    Ok(text.to_owned())
}

fn parse_state(text: &str) -> Result<JobState, String> {
    JobState::parse(text).ok_or_else(|| {
        let known: Vec<_> = JobState::ALL.iter().map(|state| state.as_str()).collect();
        format!("must be one of {}", known.join(", "))
    })
}

fn parse_kind(text: &str) -> Result<JobKind, String> {
    JobKind::parse(text).ok_or_else(|| {
        let known: Vec<_> = JobKind::ALL.iter().map(|kind| kind.as_str()).collect();
        format!("must be one of {}", known.join(", "))
    })
}

pub(super) async fn run(
    configuration: &Configuration,
    command: JobsCommand,
) -> Result<(), AdminError> {
    match command {
        JobsCommand::List(arguments) => list(configuration, arguments).await,
        JobsCommand::Show { job, json } => show(configuration, job, json).await,
        JobsCommand::Retry(decision) => repeat(configuration, &decision).await,
        JobsCommand::Resolve { finding, decision } => {
            let word = if finding.happened {
                PersonsWord::Happened
            } else {
                PersonsWord::DidNotHappen
            };
            reopen(configuration, &decision, word).await
        }
        JobsCommand::Fail(decision) => fail(configuration, &decision).await,
    }
}

async fn list(configuration: &Configuration, arguments: ListArguments) -> Result<(), AdminError> {
    let use_case = ListAllJobs {
        read_model: open_to_read(configuration).await?.read_model,
    };
    let filter = JobFilter {
        team_id: arguments.team,
        state: arguments.state,
        kind: arguments.kind,
        environment_id: None,
    };
    let page = PageRequest::new(arguments.limit, arguments.before);
    let found = use_case.run(&filter, page).await?;
    if arguments.json {
        say(&listing::as_json(&found));
    } else {
        say(&listing::as_text(&found).join("\n"));
    }
    Ok(())
}

async fn show(configuration: &Configuration, job: JobId, json: bool) -> Result<(), AdminError> {
    let store = open_to_read(configuration).await?;
    let use_case = ShowJob {
        read_model: store.read_model,
        job_queue: store.job_queue,
    };
    let dossier = use_case.run(job).await?;
    if json {
        say(&dossier::as_json(&dossier));
    } else {
        say(&dossier::as_text(&dossier).join("\n"));
    }
    Ok(())
}

async fn reopen(
    configuration: &Configuration,
    decision: &Decision,
    word: PersonsWord,
) -> Result<(), AdminError> {
    let store = open_to_administer(configuration).await?;
    let use_case = ReopenJob {
        unit_of_work: store.unit_of_work,
        read_model: store.read_model,
        job_queue: store.job_queue,
        ids: store.ids,
        clock: store.clock,
    };
    let note = decision.note.as_deref();
    use_case
        .run(&administrator(), decision.job, word, note)
        .await?;
    say(&format!("{} goes on", decision.job));
    Ok(())
}

async fn repeat(configuration: &Configuration, decision: &Decision) -> Result<(), AdminError> {
    let store = open_to_administer(configuration).await?;
    let use_case = RepeatJob {
        retry: RetryJob {
            acceptance: store.acceptance(configuration),
            custody: store.custody.clone(),
        },
        reopen: ReopenJob {
            unit_of_work: store.unit_of_work,
            read_model: store.read_model,
            job_queue: store.job_queue,
            ids: store.ids,
            clock: store.clock,
        },
    };
    let note = decision.note.as_deref();
    let repeated = use_case.run(&administrator(), decision.job, note).await?;
    say(&match repeated {
        Repeated::GoesOn => format!("{} goes on", decision.job),
        Repeated::DoneOnceMoreBy(new) => format!("{} is done once more by {new}", decision.job),
    });
    Ok(())
}

async fn fail(configuration: &Configuration, decision: &Decision) -> Result<(), AdminError> {
    let store = open_to_administer(configuration).await?;
    let use_case = CloseJob {
        unit_of_work: store.unit_of_work,
        read_model: store.read_model,
        job_queue: store.job_queue,
        ids: store.ids,
    };
    let note = decision.note.as_deref();
    let remaining = use_case.run(&administrator(), decision.job, note).await?;
    say(&format!("{} has failed", decision.job));
    if !remaining.is_empty() {
        let remaining = remaining.join(", ");
        say(&format!(
            "done or in doubt, and not taken back: {remaining}"
        ));
    }
    Ok(())
}
