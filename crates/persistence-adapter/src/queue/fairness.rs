//! Which team comes next. A new job takes its place now, or behind the newest of its team, whichever is later:
//! whoever asks for a hundred things at once stands in front of nobody who asks for one.

use crate::schema::job_queue;
use crate::session::{Session, on_session};
use crate::sql::{Id, Moment};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::TeamId;
use domain::limits::FAIR_SHARE;
use domain::ports::StoreError;
use jiff::Timestamp;

/// The earliest place of the team's next job: behind the newest that it has in the queue.
pub(crate) async fn earliest_place(
    session: &mut Session,
    team: TeamId,
) -> Result<Moment, StoreError> {
    let newest: Option<Option<Moment>> = on_session!(session, c => job_queue::table
        .filter(job_queue::team_id.eq(Id(team)))
        .filter(job_queue::fair_at.is_not_null())
        .select(job_queue::fair_at)
        .order(job_queue::fair_at.desc())
        .first(c)
        .await
        .optional())?;
    let behind = newest
        .flatten()
        .and_then(|newest| newest.0.checked_add(FAIR_SHARE).ok())
        .unwrap_or(Timestamp::UNIX_EPOCH);
    Ok(Moment(behind))
}
