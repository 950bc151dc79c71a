//! What a person decides about a job that waits for one. Each begins with one conditional update of the
//! job's row, so of two who decide at once one is too late.

use super::{JobRow, job_events, put_in_queue, remaining_as_text, state_after};
use crate::queue::turns;
use crate::schema::{job_steps, jobs};
use crate::session::{Session, on_session};
use crate::sql::{Id, database_now};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::error_code::ErrorCode;
use domain::ids::{JobId, StepAttemptId, TeamId};
use domain::job::journal::AttemptState;
use domain::job::{EncodedData, Job, JobEvent, JobFailure, JobState};
use domain::ports::StoreError;
use domain::team_event::TeamEventType;
use domain::turn::TurnScope;

/// The codes that older versions wrote where the reason of an undo stands.
const NO_REASON_TO_UNDO: [ErrorCode; 2] = [ErrorCode::NeedsAttention, ErrorCode::JobUnrunnable];

/// The job, locked, if it waits for a person.
async fn lock_waiting(
    session: &mut Session,
    team: TeamId,
    job: JobId,
) -> Result<Option<(Job, i64)>, StoreError> {
    let row: Option<(JobRow, i64)> = on_session!(session, c => diesel::update(
        jobs::table.find((Id(team), Id(job))),
    )
    .filter(jobs::state.eq(JobState::NeedsAttention.as_str()))
    .set((
        jobs::attention_code.eq(None::<String>),
        jobs::attention_step.eq(None::<String>),
        jobs::attention_detail.eq(None::<String>),
        jobs::version.eq(jobs::version + 1),
    ))
    .returning((JobRow::as_returning(), jobs::last_fence))
    .get_result(c)
    .await
    .optional())?;
    row.map(|(row, fence)| Ok((Job::try_from(row)?, fence)))
        .transpose()
}

pub(super) async fn reopen(
    session: &mut Session,
    (team, job): (TeamId, JobId),
    scopes: &[TurnScope],
    is_past_pivot: bool,
) -> Result<bool, StoreError> {
    let Some((job, last_fence)) = lock_waiting(session, team, job).await? else {
        return Ok(false);
    };
    let event = if job.is_cancel_requested {
        JobEvent::UndoReopened
    } else {
        JobEvent::Reopened
    };
    let state = state_after(job.state, event)?;
    let row = jobs::table.find((Id(team), Id(job.id)));
    on_session!(session, c => diesel::update(row)
        .set(jobs::state.eq(state.as_str()))
        .execute(c)
        .await)?;
    let codes = NO_REASON_TO_UNDO.map(ErrorCode::as_str);
    on_session!(session, c => diesel::update(row)
        .filter(jobs::failure_code.eq_any(codes))
        .set((jobs::failure_code.eq(None::<String>), jobs::failure_step.eq(None::<String>)))
        .execute(c)
        .await)?;
    turns::stand_in_line(session, job.id, scopes).await?;
    put_in_queue(session, &job, last_fence + 1, is_past_pivot).await?;
    job_events::tell(session, TeamEventType::JobQueued, &job);
    Ok(true)
}

pub(super) async fn close(
    session: &mut Session,
    team: TeamId,
    job: JobId,
    failure: &JobFailure,
) -> Result<bool, StoreError> {
    let Some((job, _)) = lock_waiting(session, team, job).await? else {
        return Ok(false);
    };
    let state = state_after(job.state, JobEvent::Closed)?;
    on_session!(session, c => diesel::update(jobs::table.find((Id(team), Id(job.id))))
        .set((
            jobs::state.eq(state.as_str()),
            jobs::failure_code.eq(failure.code.as_str()),
            jobs::failure_step.eq(&failure.step),
            jobs::failure_platform_code.eq(failure.platform_code),
            jobs::failure_is_retryable.eq(failure.is_retryable),
            jobs::failure_detail.eq(&failure.detail),
            jobs::failure_remaining.eq(remaining_as_text(failure)),
            jobs::finished_at.eq(database_now().nullable()),
        ))
        .execute(c)
        .await)?;
    job_events::tell(session, TeamEventType::JobFailed, &job);
    Ok(true)
}

pub(super) async fn record_verdict(
    session: &mut Session,
    job: JobId,
    attempt: StepAttemptId,
    findings: &EncodedData,
) -> Result<bool, StoreError> {
    let open = [
        AttemptState::Started.as_str(),
        AttemptState::InDoubt.as_str(),
    ];
    let updated = on_session!(session, c => diesel::update(job_steps::table)
        .filter(job_steps::id.eq(Id(attempt)))
        .filter(job_steps::job_id.eq(Id(job)))
        .filter(job_steps::state.eq_any(open))
        .set(job_steps::findings.eq(&findings.0))
        .execute(c)
        .await)?;
    Ok(updated == 1)
}
