//! Jobs that wait for a person: finding them, looking into them, deciding.

mod close;
mod list;
mod reopen;
mod repeat;
mod show;
#[cfg(test)]
mod tests;

pub use close::CloseJob;
pub use list::ListAllJobs;
pub use reopen::{PersonsWord, ReopenJob};
pub use repeat::{RepeatJob, Repeated};
pub use show::{JobDossier, ShowJob};

use super::Administrator;
use crate::UseCaseError;
use domain::error_code::ErrorCode;
use domain::ids::JobId;
use domain::job::{Job, JobState};
use domain::ports::{JobDetails, ReadModel};

async fn find_job(read_model: &dyn ReadModel, job: JobId) -> Result<JobDetails, UseCaseError> {
    let unknown = || {
        UseCaseError::new(
            ErrorCode::NotFound,
            "there is no such job; `windlass admin jobs list` shows all",
        )
    };
    let team = read_model.find_team_of_job(job).await?;
    let found = read_model.find_job(team.ok_or_else(unknown)?, job).await?;
    found.ok_or_else(unknown)
}

/// The job, if it waits for a person.
async fn find_waiting(read_model: &dyn ReadModel, job: JobId) -> Result<Job, UseCaseError> {
    let found = find_job(read_model, job).await?.job;
    if found.state == JobState::NeedsAttention {
        Ok(found)
    } else {
        Err(not_waiting(found.state))
    }
}

fn not_waiting(state: JobState) -> UseCaseError {
    UseCaseError::new(
        ErrorCode::JobStateConflict,
        format!("the job waits for nobody: it is {}", state.as_str()),
    )
}

/// Somebody else was faster.
fn raced() -> UseCaseError {
    UseCaseError::new(
        ErrorCode::JobStateConflict,
        "the job does not wait for a person any more; look at it again",
    )
}

/// What is written about a decision, with what the person says about it.
fn with_note(text: &str, note: Option<&str>) -> String {
    match note {
        Some(note) => format!("{text}: {note}"),
        None => text.to_owned(),
    }
}

/// Who it was, and what they say, for the audit trail.
fn audit_detail(administrator: &Administrator, note: Option<&str>) -> String {
    with_note(&administrator.detail(), note)
}
