//! Keeping hold of a job. The first statement of every worker transaction updates the very row that
//! a claimer would update: a condition that is only tested is not locked, and an old holder's write
//! could land after its successor has taken over.

use crate::schema::job_queue;
use crate::session::{Session, on_session};
use crate::sql::{Id, PrepareOnce as _, database_now_plus};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::job::JobState;
use domain::limits::JOB_LEASE;
use domain::planted::{self, Fault};
use domain::ports::{HoldError, JobHold};

/// What the queue says about a held job. Nobody can change it before the transaction ends.
#[derive(Debug, Clone, Copy, Queryable)]
pub(crate) struct HeldRow {
    pub(crate) is_cancel_requested: bool,
    pub(crate) deaths: i32,
}

impl HeldRow {
    /// The state of a job that is held. A wish to cancel it is written into both of its rows at once.
    pub(crate) fn job_state(self) -> JobState {
        if self.is_cancel_requested {
            JobState::Cancelling
        } else {
            JobState::Running
        }
    }
}

/// Renews the lease if the job is still held under that fence.
pub(crate) async fn hold_job(session: &mut Session, hold: &JobHold) -> Result<HeldRow, HoldError> {
    if planted::is_on(Fault::FenceIgnored) {
        return Ok(on_session!(session, c => job_queue::table
            .find(Id(hold.job_id))
            .select((job_queue::is_cancel_requested, job_queue::deaths))
            .first(c)
            .await)?);
    }
    let row: Option<HeldRow> = on_session!(session, c => diesel::update(job_queue::table.find(Id(hold.job_id)))
        .filter(job_queue::team_id.eq(Id(hold.team_id)))
        .filter(job_queue::fence.eq(hold.fence))
        .filter(job_queue::lease_owner.eq(Id(hold.process_id)))
        .set(job_queue::lease_until.eq(database_now_plus(JOB_LEASE).nullable()))
        .returning((job_queue::is_cancel_requested, job_queue::deaths))
        .prepared_once().get_result(c)
        .await
        .optional())?;
    row.ok_or(HoldError::Lost)
}
