//! How a hold ends: the job is given back for later, or comes to rest.

use super::hold::HeldRow;
use super::pending::{EndOfHold, PendingChanges};
use super::turns;
use crate::failure::inconsistent;
use crate::schema::job_queue;
use crate::session::{Session, on_session};
use crate::sql::{Id, Moment, PrepareOnce as _, database_now_plus};
use crate::stores::jobs::state_after;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::ProcessId;
use domain::job::{JobEvent, WaitReason};
use domain::planted::{self, Fault};
use domain::ports::{JobHold, StoreError};
use std::time::Duration;

/// Without an owner the old hold is worth nothing; the turns stay with the job.
pub(super) async fn give_back(
    session: &mut Session,
    (hold, row): (JobHold, HeldRow),
    changes: PendingChanges,
    event: JobEvent,
    reason: &WaitReason,
    after: Duration,
) -> Result<(), StoreError> {
    if !matches!(event, JobEvent::Parked | JobEvent::Released) {
        return Err(inconsistent(
            "jobs",
            "state",
            "giving back takes another event",
        ));
    }
    let state = state_after(row.job_state(), event)?;
    if planted::is_on(Fault::TurnFreedWhileWaiting) {
        for scope in turns::leave_lines(session, hold.job_id).await? {
            turns::free_turn(session, hold.job_id, scope).await?;
        }
    }
    let end = EndOfHold::GivenBack(state, reason);
    changes.write_with(session, (hold, row), Some(end)).await?;
    on_session!(session, c => diesel::update(job_queue::table.find(Id(hold.job_id)))
        .set((
            job_queue::lease_owner.eq(None::<Id<ProcessId>>),
            job_queue::lease_until.eq(None::<Moment>),
            job_queue::due_at.eq(database_now_plus(after)),
        ))
        .prepared_once().execute(c)
        .await)?;
    Ok(())
}

/// Takes the job out of the queue and frees its turns, all in the transaction of its end.
pub(super) async fn come_to_rest(
    session: &mut Session,
    (hold, row): (JobHold, HeldRow),
    changes: PendingChanges,
    event: JobEvent,
) -> Result<(), StoreError> {
    let state = state_after(row.job_state(), event)?;
    if !state.is_at_rest() {
        return Err(inconsistent(
            "jobs",
            "state",
            "coming to rest takes another event",
        ));
    }
    for scope in turns::leave_lines(session, hold.job_id).await? {
        turns::free_turn(session, hold.job_id, scope).await?;
    }
    on_session!(session, c => diesel::delete(job_queue::table.find(Id(hold.job_id)))
        .execute(c)
        .await)?;
    let end = EndOfHold::AtRest(state);
    changes.write_with(session, (hold, row), Some(end)).await
}
