//! Which team comes next. A new job takes its place now, or behind the newest of its team, whichever is later:
//! whoever asks for a hundred things at once stands in front of nobody who asks for one.

use crate::schema::job_queue;
use crate::session::{Session, on_session};
use crate::sql::{DbMoment, Id, Moment, database_now};
use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::{JobId, TeamId};
use domain::limits::FAIR_SHARE;
use domain::ports::StoreError;
use jiff::Timestamp;

/// Gives a job that has just been put into the queue its place.
pub(crate) async fn take_place(
    session: &mut Session,
    team: TeamId,
    job: JobId,
) -> Result<(), StoreError> {
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
    let behind = || Moment(behind).into_sql::<DbMoment>();
    on_session!(session, c => diesel::update(job_queue::table.find(Id(job)))
        .set(job_queue::fair_at.eq(
            case_when(behind().gt(database_now()), behind())
                .otherwise(database_now())
                .nullable(),
        ))
        .execute(c)
        .await)?;
    Ok(())
}
