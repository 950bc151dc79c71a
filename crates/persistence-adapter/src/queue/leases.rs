//! The leases of whole processes.

use crate::schema::job_queue;
use crate::session::{Session, on_session};
use crate::sql::{Id, Moment, database_now_plus};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::{JobId, ProcessId};
use domain::limits::JOB_LEASE;
use domain::ports::{JobHold, StoreError};
use std::time::Duration;

/// Renews those of the jobs that the process still holds, expired or not: what counts is that nobody
/// else has taken them.
pub(super) async fn renew(
    session: &mut Session,
    process: ProcessId,
    jobs: &[JobId],
) -> Result<Vec<(JobId, i64)>, StoreError> {
    let jobs: Vec<_> = jobs.iter().copied().map(Id).collect();
    let rows: Vec<(Id<JobId>, i64)> = on_session!(session, c => diesel::update(job_queue::table)
        .filter(job_queue::job_id.eq_any(&jobs))
        .filter(job_queue::lease_owner.eq(Id(process)))
        .set(job_queue::lease_until.eq(database_now_plus(JOB_LEASE).nullable()))
        .returning((job_queue::job_id, job_queue::fence))
        .get_results(c)
        .await)?;
    Ok(rows
        .into_iter()
        .map(|(job, fence)| (job.0, fence))
        .collect())
}

/// Without an owner, a job can be claimed at once and no death is counted.
pub(super) async fn give_back_all_of(
    session: &mut Session,
    process: ProcessId,
    running: &[JobId],
) -> Result<(), StoreError> {
    let running: Vec<_> = running.iter().copied().map(Id).collect();
    on_session!(session, c => diesel::update(job_queue::table)
        .filter(job_queue::lease_owner.eq(Id(process)))
        .filter(job_queue::job_id.ne_all(&running))
        .set((
            job_queue::lease_owner.eq(None::<Id<ProcessId>>),
            job_queue::lease_until.eq(None::<Moment>),
        ))
        .execute(c)
        .await)?;
    Ok(())
}

/// The same for one job, under one hold of it.
pub(super) async fn give_back(
    session: &mut Session,
    hold: &JobHold,
    after: Duration,
) -> Result<(), StoreError> {
    on_session!(session, c => diesel::update(job_queue::table.find(Id(hold.job_id)))
        .filter(job_queue::fence.eq(hold.fence))
        .filter(job_queue::lease_owner.eq(Id(hold.process_id)))
        .set((
            job_queue::lease_owner.eq(None::<Id<ProcessId>>),
            job_queue::lease_until.eq(None::<Moment>),
            job_queue::due_at.eq(database_now_plus(after)),
        ))
        .execute(c)
        .await)?;
    Ok(())
}

/// The owners stay in the rows, as those who died.
pub(super) async fn end_all(session: &mut Session) -> Result<(), StoreError> {
    on_session!(session, c => diesel::update(job_queue::table)
        .filter(job_queue::lease_until.is_not_null())
        .set(job_queue::lease_until.eq(None::<Moment>))
        .execute(c)
        .await)?;
    Ok(())
}
