//! Jobs: accepting, finding and cancelling them. What a worker writes is in `queue`.

mod backlog;
pub(crate) mod job_events;
mod reopening;
mod row;

pub(crate) use row::{JobRow, remaining_as_text};

use crate::failure::inconsistent;
use crate::paging::{page_of, rows_to_read};
use crate::queue::{fairness, log, turns};
use crate::schema::{environments, job_queue, jobs};
use crate::session::{Session, on_session};
use crate::sql::{DbMoment, Id, PrepareOnce as _, database_now};
use crate::stores::environments::final_states;
use crate::stores::syncs;
use async_trait::async_trait;
use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::{EnvironmentId, JobId, StepAttemptId, TeamId};
use domain::job::{EncodedData, Job, JobEvent, JobFailure, JobKind, JobLogLevel, JobState};
use domain::names::EnvironmentName;
use domain::page::{Page, PageRequest};
use domain::ports::{BacklogLimits, CancelAnswer, FullBacklog, JobFilter, JobStore, StoreError};
use domain::team_event::TeamEventType;
use domain::turn::TurnScope;

/// One job.
pub(crate) async fn find(
    session: &mut Session,
    team: TeamId,
    job: JobId,
) -> Result<Option<Job>, StoreError> {
    let row: Option<JobRow> = on_session!(session, c => jobs::table
        .find((Id(team), Id(job)))
        .select(JobRow::as_select())
        .first(c)
        .await
        .optional())?;
    row.map(Job::try_from).transpose()
}

/// The team of a job.
pub(crate) async fn find_team(
    session: &mut Session,
    job: JobId,
) -> Result<Option<TeamId>, StoreError> {
    let team: Option<Id<TeamId>> = on_session!(session, c => jobs::table
        .filter(jobs::id.eq(Id(job)))
        .select(jobs::team_id)
        .first(c)
        .await
        .optional())?;
    Ok(team.map(|team| team.0))
}

/// Jobs that match the filter, newest first.
pub(crate) async fn list(
    session: &mut Session,
    filter: &JobFilter,
    page: PageRequest<JobId>,
) -> Result<Page<Job, JobId>, StoreError> {
    let rows: Vec<JobRow> = on_session!(session, c => {
        let mut query = jobs::table.into_boxed();
        if let Some(team) = filter.team_id {
            query = query.filter(jobs::team_id.eq(Id(team)));
        }
        if let Some(state) = filter.state {
            query = query.filter(jobs::state.eq(state.as_str()));
        }
        if let Some(kind) = filter.kind {
            query = query.filter(jobs::kind.eq(kind.as_str()));
        }
        if let Some(environment) = filter.environment_id {
            query = query.filter(jobs::environment_id.eq(Id(environment)));
        }
        if let Some(before) = page.after() {
            query = query.filter(jobs::id.lt(Id(before)));
        }
        query
            .order(jobs::id.desc())
            .limit(rows_to_read(&page))
            .select(JobRow::as_select())
            .load(c)
            .await
    })?;
    let items: Result<Vec<_>, _> = rows.into_iter().map(Job::try_from).collect();
    Ok(page_of(items?, &page, |job| job.id))
}

/// The live job about the team's living environment of that name, oldest first.
pub(crate) async fn find_live_by_environment_name(
    session: &mut Session,
    team: TeamId,
    name: &EnvironmentName,
) -> Result<Option<JobId>, StoreError> {
    let job: Option<Id<JobId>> = on_session!(session, c => job_queue::table
        .inner_join(environments::table.on(
            environments::team_id.eq(job_queue::team_id)
                .and(environments::id.nullable().eq(job_queue::environment_id)),
        ))
        .filter(environments::team_id.eq(Id(team)))
        .filter(environments::name.eq(name.as_str()))
        .filter(environments::state.ne_all(final_states()))
        .select(job_queue::job_id)
        .order(job_queue::job_id)
        .first(c)
        .await
        .optional())?;
    Ok(job.map(|job| job.0))
}

/// The state after the event; a job whose stored state does not allow it is inconsistent.
pub(crate) fn state_after(state: JobState, event: JobEvent) -> Result<JobState, StoreError> {
    state
        .after(event)
        .map_err(|error| inconsistent("jobs", "state", error))
}

async fn enqueue(session: &mut Session, job: &Job, scopes: &[TurnScope]) -> Result<(), StoreError> {
    if job.state != JobState::Queued {
        return Err(inconsistent(
            "jobs",
            "state",
            "only a queued job can be accepted",
        ));
    }
    let row = JobRow::from(job);
    on_session!(session, c => diesel::insert_into(jobs::table).values(&row).prepared_once().execute(c).await)?;
    turns::stand_in_line(session, job.id, scopes).await?;
    job_events::tell(session, TeamEventType::JobQueued, job);
    put_in_queue(session, job, 0, false).await
}

/// Due at once, held by nobody.
async fn put_in_queue(
    session: &mut Session,
    job: &Job,
    fence: i64,
    is_past_pivot: bool,
) -> Result<(), StoreError> {
    let earliest = fairness::earliest_place(session, job.team_id).await?;
    let earliest = || earliest.into_sql::<DbMoment>();
    let place = (
        job_queue::job_id.eq(Id(job.id)),
        job_queue::team_id.eq(Id(job.team_id)),
        job_queue::environment_id.eq(job.environment_id.map(Id)),
        job_queue::kind.eq(job.kind.as_str()),
        job_queue::kind_version.eq(job.kind_version),
        job_queue::due_at.eq(database_now()),
        job_queue::fence.eq(fence),
        job_queue::deaths.eq(0),
        job_queue::is_cancel_requested.eq(job.is_cancel_requested),
        job_queue::is_past_pivot.eq(is_past_pivot),
        job_queue::fair_at.eq(case_when(earliest().gt(database_now()), earliest())
            .otherwise(database_now())
            .nullable()),
    );
    on_session!(session, c => diesel::insert_into(job_queue::table)
        .values(place)
        .prepared_once().execute(c)
        .await)?;
    Ok(())
}

/// The wish is written to the row that every worker transaction begins with, so it is seen by the
/// next one or by none. It also makes a parked job due.
async fn cancel(
    session: &mut Session,
    team: TeamId,
    job: JobId,
) -> Result<CancelAnswer, StoreError> {
    let wish = (
        job_queue::is_cancel_requested.eq(true),
        job_queue::due_at.eq(database_now()),
    );
    let fence: Option<i64> = on_session!(session, c => diesel::update(job_queue::table.find(Id(job)))
        .filter(job_queue::team_id.eq(Id(team)))
        .filter(job_queue::is_past_pivot.eq(false))
        .set(wish)
        .returning(job_queue::fence)
        .prepared_once().get_result(c)
        .await
        .optional())?;
    let Some(fence) = fence else {
        return Ok(CancelAnswer::TooLate);
    };
    let stored = find(session, team, job)
        .await?
        .ok_or_else(|| inconsistent("job_queue", "job_id", "the job has no row"))?;
    let state = stored.state;
    // The fence is raised by the first claim.
    if fence == 0 {
        leave_queue(session, job).await?;
        let cancelled = state_after(state, JobEvent::Cancelled)?;
        write_cancelled(session, team, job, cancelled).await?;
        job_events::tell(session, TeamEventType::JobCancelled, &stored);
        return Ok(CancelAnswer::Cancelled);
    }
    if state != JobState::Cancelling {
        let cancelling = state_after(state, JobEvent::CancelRequested)?;
        write_cancelled(session, team, job, cancelling).await?;
    }
    Ok(CancelAnswer::Requested)
}

/// A job that never began holds no turn, so leaving the lines is enough.
async fn leave_queue(session: &mut Session, job: JobId) -> Result<(), StoreError> {
    turns::leave_lines(session, job).await?;
    on_session!(session, c => diesel::delete(job_queue::table.find(Id(job))).execute(c).await)?;
    Ok(())
}

async fn write_cancelled(
    session: &mut Session,
    team: TeamId,
    job: JobId,
    state: JobState,
) -> Result<(), StoreError> {
    let row = jobs::table.find((Id(team), Id(job)));
    let changes = (
        jobs::state.eq(state.as_str()),
        jobs::is_cancel_requested.eq(true),
        jobs::version.eq(jobs::version + 1),
    );
    if state.is_final() {
        let changes = (changes, jobs::finished_at.eq(database_now().nullable()));
        on_session!(session, c => diesel::update(row).set(changes).prepared_once().execute(c).await)?;
    } else {
        on_session!(session, c => diesel::update(row).set(changes).prepared_once().execute(c).await)?;
    }
    Ok(())
}

#[async_trait]
impl JobStore for Session {
    async fn enqueue_job(&mut self, job: &Job, turns: &[TurnScope]) -> Result<(), StoreError> {
        enqueue(self, job, turns).await
    }

    async fn find_job(&mut self, team: TeamId, job: JobId) -> Result<Option<Job>, StoreError> {
        find(self, team, job).await
    }

    async fn find_live_job_of_team(&mut self, team: TeamId) -> Result<Option<JobId>, StoreError> {
        let job: Option<Id<JobId>> = on_session!(self, c => job_queue::table
            .filter(job_queue::team_id.eq(Id(team)))
            .filter(job_queue::kind.ne(JobKind::TeamSync.as_str()))
            .select(job_queue::job_id)
            .order(job_queue::job_id)
            .first(c)
            .await
            .optional())?;
        Ok(job.map(|job| job.0))
    }

    async fn find_live_sync(&mut self, team: TeamId) -> Result<Option<JobId>, StoreError> {
        syncs::find_live(self, team).await
    }

    async fn find_full_backlog(
        &mut self,
        team: TeamId,
        limits: BacklogLimits,
    ) -> Result<Option<FullBacklog>, StoreError> {
        backlog::find_full(self, team, limits).await
    }

    async fn find_live_job(
        &mut self,
        team: TeamId,
        environment: EnvironmentId,
    ) -> Result<Option<JobId>, StoreError> {
        let job: Option<Id<JobId>> = on_session!(self, c => job_queue::table
            .filter(job_queue::team_id.eq(Id(team)))
            .filter(job_queue::environment_id.eq(Id(environment)))
            .select(job_queue::job_id)
            .order(job_queue::job_id)
            .first(c)
            .await
            .optional())?;
        Ok(job.map(|job| job.0))
    }

    async fn cancel_job(&mut self, team: TeamId, job: JobId) -> Result<CancelAnswer, StoreError> {
        cancel(self, team, job).await
    }

    async fn reopen_job(
        &mut self,
        team: TeamId,
        job: JobId,
        turns: &[TurnScope],
        is_past_pivot: bool,
    ) -> Result<bool, StoreError> {
        reopening::reopen(self, (team, job), turns, is_past_pivot).await
    }

    async fn close_job(
        &mut self,
        team: TeamId,
        job: JobId,
        failure: &JobFailure,
    ) -> Result<bool, StoreError> {
        reopening::close(self, team, job, failure).await
    }

    async fn record_verdict(
        &mut self,
        job: JobId,
        attempt: StepAttemptId,
        findings: &EncodedData,
    ) -> Result<bool, StoreError> {
        reopening::record_verdict(self, job, attempt, findings).await
    }

    async fn append_job_log(
        &mut self,
        team: TeamId,
        job: JobId,
        level: JobLogLevel,
        message: &str,
    ) -> Result<(), StoreError> {
        log::append(self, (team, job), None, level, None, message).await
    }
}
