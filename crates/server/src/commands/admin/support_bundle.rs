//! `windlass admin support-bundle`: what somebody who helps from afar asks for first, in one file and without secrets.

use super::AdminError;
use super::jobs::dossier;
use super::new_file::NewFile;
use crate::commands::{config, doctor, say};
use crate::configuration::Configuration;
use crate::service::{ReadableStore, open_to_read};
use crate::system::SystemClock;
use application::administration::ShowJob;
use domain::job::JobState;
use domain::page::PageRequest;
use domain::ports::{Clock as _, JobFilter};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use telemetry::redact;

/// Newest jobs of a state that come along.
const JOBS: u32 = 50;
/// Lines of the log that come along: the last ones.
const LINES: usize = 2_000;

/// Where it goes, and what comes along.
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Arguments {
    /// A file that is not there yet. Mode 0600.
    #[arg(long)]
    out: PathBuf,
    /// A file with the log of the service; its last 2,000 lines come along, redacted once more.
    #[arg(long)]
    log: Option<PathBuf>,
}

/// Changes nothing, and runs beside a running service.
pub(super) async fn run(
    configuration: &Configuration,
    arguments: &Arguments,
) -> Result<(), AdminError> {
    let mut file = NewFile::create(&arguments.out)?;
    let log = arguments.log.as_deref().map(last_lines).transpose()?;
    // A store that cannot be opened or read is what the bundle is about, then.
    let jobs = match open_to_read(configuration).await {
        Ok(store) => troubled_jobs(&store).await.unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    let bundle = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "made_at": SystemClock.now().to_string(),
        "doctor": doctor::as_json(&doctor::examine(configuration).await),
        "settings": config::describe(configuration),
        "jobs": jobs,
        "log": log,
    });
    file.write(&format!("{bundle:#}\n"))?;
    file.finish()?;
    say("the bundle holds no secrets; it names teams, jobs and steps. Read it before you send it");
    Ok(())
}

/// Those that wait for a person, and those that failed last, each with its journal and its log.
async fn troubled_jobs(store: &ReadableStore) -> Result<Vec<Value>, AdminError> {
    let show = ShowJob {
        read_model: std::sync::Arc::clone(&store.read_model),
        job_queue: std::sync::Arc::clone(&store.job_queue),
    };
    let mut jobs = Vec::new();
    for state in [JobState::NeedsAttention, JobState::Failed] {
        let filter = JobFilter {
            state: Some(state),
            ..JobFilter::default()
        };
        let page = PageRequest::new(JOBS, None);
        for job in store.read_model.list_jobs(&filter, page).await?.items {
            let text = dossier::as_json(&show.run(job.id).await?);
            jobs.extend(serde_json::from_str::<Value>(&text));
        }
    }
    Ok(jobs)
}

/// The last lines of a file, as text without secrets whatever it holds.
fn last_lines(path: &Path) -> Result<Vec<String>, AdminError> {
    let failed = |source| AdminError::Log {
        path: path.to_owned(),
        source,
    };
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut lines = VecDeque::with_capacity(LINES);
    for line in BufReader::new(file).split(b'\n') {
        let line = line.map_err(failed)?;
        if lines.len() == LINES {
            lines.pop_front();
        }
        let text = String::from_utf8_lossy(&line);
        lines.push_back(redact::without_secrets(&text).into_owned());
    }
    Ok(lines.into())
}
