//! Taking what may be taken: fence, lease, turns and state of each job.

use super::Eligible;
use crate::queue::lines::head_of_line;
use crate::schema::{job_queue, jobs, turns};
use crate::session::{Session, on_session};
use crate::sql::{Id, Moment, PrepareOnce as _, database_now_plus, first_not_null};
use crate::stores::jobs::{JobRow, job_events};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::{JobId, ProcessId, TeamId};
use domain::job::{Job, JobEvent, JobState};
use domain::limits::JOB_LEASE;
use domain::ports::{ClaimedJob, JobHold, StoreError};
use domain::team_event::TeamEventType;
use domain::turn::TurnScope;
use std::collections::HashMap;
use std::time::Duration;

pub(super) async fn take(
    session: &mut Session,
    process: ProcessId,
    eligible: Vec<Eligible>,
) -> Result<Vec<ClaimedJob>, StoreError> {
    let mut states = claimable_states(session, &eligible).await?;
    let taken: Vec<_> = eligible
        .into_iter()
        .filter_map(|it| {
            states
                .remove(&it.candidate.job_id.0)
                .map(|state| (it, state))
        })
        .collect();
    let Some(now) = taken.iter().map(|(it, _)| it.candidate.claimed_at).next() else {
        return Ok(Vec::new());
    };
    lease(session, process, taken.iter().map(|(it, _)| it)).await?;
    let scopes = taken
        .iter()
        .flat_map(|(it, _)| &it.turns)
        .map(TurnScope::to_string)
        .collect();
    take_turns(session, scopes, now).await?;
    let mut rows = HashMap::new();
    for state in [JobState::Running, JobState::Cancelling] {
        let ids: Vec<_> = taken
            .iter()
            .filter(|(_, it)| *it == state)
            .map(|(it, _)| key(it))
            .collect();
        rows.extend(set_state(session, state, ids, now).await?);
    }
    for job in rows.values().filter(|job| job.started_at == Some(now.0)) {
        job_events::tell(session, TeamEventType::JobStarted, job);
    }
    Ok(taken
        .into_iter()
        .filter_map(|(it, _)| {
            let job = rows.remove(&it.candidate.job_id.0)?;
            Some(claimed_job(process, it, job))
        })
        .collect())
}

fn key(eligible: &Eligible) -> (Id<TeamId>, Id<JobId>) {
    (eligible.candidate.team_id, eligible.candidate.job_id)
}

fn claimed_job(process: ProcessId, eligible: Eligible, job: Job) -> ClaimedJob {
    let candidate = eligible.candidate;
    ClaimedJob {
        hold: JobHold {
            job_id: candidate.job_id.0,
            team_id: candidate.team_id.0,
            process_id: process,
            fence: candidate.fence + 1,
        },
        job,
        turns: eligible.turns,
        deaths: deaths(&candidate).unsigned_abs(),
        taken_over_after: taken_over_after(&candidate),
    }
}

fn taken_over_after(candidate: &super::Candidate) -> Option<Duration> {
    candidate.lease_owner?;
    let since = candidate
        .claimed_at
        .0
        .duration_since(candidate.lease_until?.0);
    Some(Duration::try_from(since).unwrap_or(Duration::ZERO))
}

/// An owner that is still in the row did not give the job back: it died.
fn deaths(candidate: &super::Candidate) -> i32 {
    candidate
        .deaths
        .saturating_add(i32::from(candidate.lease_owner.is_some()))
}

/// The state each job gets. A job whose row cannot be claimed is left alone and reported: it must
/// not keep the others waiting.
async fn claimable_states(
    session: &mut Session,
    eligible: &[Eligible],
) -> Result<HashMap<JobId, JobState>, StoreError> {
    let (teams, ids): (Vec<_>, Vec<_>) = eligible.iter().map(key).unzip();
    let rows: Vec<JobRow> = on_session!(session, c => jobs::table
        .filter(jobs::team_id.eq_any(teams))
        .filter(jobs::id.eq_any(ids))
        .select(JobRow::as_select())
        .load(c)
        .await)?;
    let mut states = HashMap::new();
    for row in rows {
        let id = row.id();
        let claimed = Job::try_from(row)
            .map_err(|error| error.to_string())
            .and_then(|job| {
                job.state
                    .after(JobEvent::Claimed)
                    .map_err(|error| error.to_string())
            });
        match claimed {
            Ok(state) => {
                states.insert(id, state);
            }
            Err(error) => tracing::error!(job.id = %id, error, "queued job cannot be claimed"),
        }
    }
    Ok(states)
}

async fn lease(
    session: &mut Session,
    process: ProcessId,
    taken: impl Iterator<Item = &Eligible>,
) -> Result<(), StoreError> {
    // Grouped by the deaths they come to, which is one group as long as nobody dies.
    let mut by_deaths: HashMap<i32, Vec<Id<JobId>>> = HashMap::new();
    for it in taken {
        by_deaths
            .entry(deaths(&it.candidate))
            .or_default()
            .push(it.candidate.job_id);
    }
    for (deaths, ids) in by_deaths {
        on_session!(session, c => diesel::update(job_queue::table)
            .filter(job_queue::job_id.eq_any(&ids))
            .set((
                job_queue::fence.eq(job_queue::fence + 1),
                job_queue::lease_owner.eq(Id(process)),
                job_queue::lease_until.eq(database_now_plus(JOB_LEASE).nullable()),
                job_queue::deaths.eq(deaths),
            ))
            .prepared_once().execute(c)
            .await)?;
    }
    Ok(())
}

/// Every scope's line is headed by a job that is being claimed, so the head is the holder.
async fn take_turns(
    session: &mut Session,
    scopes: Vec<String>,
    now: Moment,
) -> Result<(), StoreError> {
    if scopes.is_empty() {
        return Ok(());
    }
    on_session!(session, c => diesel::update(turns::table)
        .filter(turns::scope.eq_any(&scopes))
        .set((
            turns::holder_job_id.eq(head_of_line()),
            turns::held_since.eq(first_not_null(turns::held_since, now)),
            turns::epoch.eq(turns::epoch + 1),
        ))
        .prepared_once().execute(c)
        .await)?;
    Ok(())
}

async fn set_state(
    session: &mut Session,
    state: JobState,
    jobs_and_teams: Vec<(Id<TeamId>, Id<JobId>)>,
    now: Moment,
) -> Result<HashMap<JobId, Job>, StoreError> {
    if jobs_and_teams.is_empty() {
        return Ok(HashMap::new());
    }
    let (teams, ids): (Vec<_>, Vec<_>) = jobs_and_teams.into_iter().unzip();
    let rows: Vec<JobRow> = on_session!(session, c => diesel::update(jobs::table)
        .filter(jobs::team_id.eq_any(&teams))
        .filter(jobs::id.eq_any(&ids))
        .set((
            jobs::state.eq(state.as_str()),
            jobs::started_at.eq(first_not_null(jobs::started_at, now)),
            jobs::version.eq(jobs::version + 1),
        ))
        .returning(JobRow::as_returning())
        .prepared_once().get_results(c)
        .await)?;
    rows.into_iter()
        .map(|row| Job::try_from(row).map(|job| (job.id, job)))
        .collect()
}
