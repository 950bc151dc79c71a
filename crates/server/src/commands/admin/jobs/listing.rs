//! A page of jobs, for people and for machines.

use domain::ids::JobId;
use domain::job::{Job, WaitReason};
use domain::page::Page;
use serde::Serialize;

/// A job, as it is listed.
#[derive(Serialize)]
pub(super) struct JobJson {
    id: String,
    team_id: String,
    environment_id: Option<String>,
    kind: &'static str,
    state: &'static str,
    step: Option<String>,
    /// Why nobody works on it just now.
    waiting_for: Option<&'static str>,
    created_at: String,
    finished_at: Option<String>,
}

#[derive(Serialize)]
struct PageJson {
    jobs: Vec<JobJson>,
    /// The value of `--before` for the next page.
    next_before: Option<String>,
}

impl From<&Job> for JobJson {
    fn from(job: &Job) -> Self {
        Self {
            id: job.id.to_string(),
            team_id: job.team_id.to_string(),
            environment_id: job.environment_id.map(|id| id.to_string()),
            kind: job.kind.as_str(),
            state: job.state.as_str(),
            step: job.progress.step.clone(),
            waiting_for: job.waiting_for.as_ref().map(WaitReason::as_str),
            created_at: job.created_at.to_string(),
            finished_at: job.finished_at.map(|at| at.to_string()),
        }
    }
}

pub(super) fn as_json(page: &Page<Job, JobId>) -> String {
    let page = PageJson {
        jobs: page.items.iter().map(JobJson::from).collect(),
        next_before: page.next_after.map(|id| id.to_string()),
    };
    serde_json::to_string(&page).expect("a page is made of texts")
}

pub(super) fn as_text(page: &Page<Job, JobId>) -> Vec<String> {
    let mut lines: Vec<String> = page.items.iter().map(line).collect();
    match page.next_after {
        Some(last) => lines.push(format!("there are more: --before {last}")),
        None if lines.is_empty() => lines.push("no such jobs".to_owned()),
        None => {}
    }
    lines
}

fn line(job: &Job) -> String {
    format!(
        "{}  {:<15}  {:<22}  {}  {}",
        job.id,
        job.state.as_str(),
        job.kind.as_str(),
        job.team_id,
        job.created_at
    )
}
