//! When the queue is worth looking at again.

use super::lines::is_first_everywhere;
use crate::schema::job_queue;
use crate::session::{Session, on_session};
use crate::sql::{Moment, database_now};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ports::StoreError;
use std::time::Duration;

/// The time until the first job that stands first in its lines is due, or until the first lease
/// ends, whichever comes first.
pub(super) async fn next_due_in(session: &mut Session) -> Result<Option<Duration>, StoreError> {
    let due: Option<(Moment, Moment)> = on_session!(session, c => job_queue::table
        .filter(job_queue::lease_until.is_null())
        .filter(is_first_everywhere())
        .select((job_queue::due_at, database_now()))
        .order(job_queue::due_at)
        .first(c)
        .await
        .optional())?;
    let lease_end: Option<(Option<Moment>, Moment)> = on_session!(session, c => job_queue::table
        .filter(job_queue::lease_until.is_not_null())
        .select((job_queue::lease_until, database_now()))
        .order(job_queue::lease_until)
        .first(c)
        .await
        .optional())?;
    let due = due.map(|(at, now)| until(now, at));
    let lease_end = lease_end.and_then(|(at, now)| Some(until(now, at?)));
    Ok(due.into_iter().chain(lease_end).min())
}

fn until(now: Moment, later: Moment) -> Duration {
    Duration::try_from(later.0.duration_since(now.0)).unwrap_or(Duration::ZERO)
}
