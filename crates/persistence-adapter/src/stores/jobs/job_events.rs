//! What the feed of a team tells about its jobs.

use crate::session::Session;
use crate::sql::Id;
use domain::ids::{EnvironmentId, JobId, TeamId};
use domain::job::{Job, JobState};
use domain::team_event::{TeamEventSubject, TeamEventType};

/// Tells it of a job whose row was read.
pub(crate) fn tell(session: &mut Session, event_type: TeamEventType, job: &Job) {
    let subject = TeamEventSubject::Job {
        job_id: job.id,
        kind: job.kind.as_str().to_owned(),
        environment_id: job.environment_id,
    };
    session.tell(job.team_id, event_type, subject);
}

/// What is told of the row of a job that comes to rest.
pub(crate) type RestedRow = (String, Option<Id<EnvironmentId>>);

/// Tells that a job has come to rest in that state.
pub(crate) fn tell_rest(
    session: &mut Session,
    (team, job_id): (TeamId, JobId),
    state: JobState,
    (kind, environment_id): RestedRow,
) {
    let Some(event_type) = event_of_rest(state) else {
        return;
    };
    let subject = TeamEventSubject::Job {
        job_id,
        kind,
        environment_id: environment_id.map(|id| id.0),
    };
    session.tell(team, event_type, subject);
}

fn event_of_rest(state: JobState) -> Option<TeamEventType> {
    match state {
        JobState::Succeeded => Some(TeamEventType::JobSucceeded),
        JobState::Failed => Some(TeamEventType::JobFailed),
        JobState::Cancelled => Some(TeamEventType::JobCancelled),
        JobState::NeedsAttention => Some(TeamEventType::JobNeedsAttention),
        JobState::Queued | JobState::Running | JobState::Waiting | JobState::Cancelling => None,
    }
}
