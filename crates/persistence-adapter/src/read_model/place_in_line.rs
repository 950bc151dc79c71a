//! Where a job stands in its lines, and who holds what it waits for.

use crate::queue::lines::earlier_waits;
use crate::schema::{turn_waits, turns};
use crate::session::{Session, on_session};
use crate::sql::{Id, Moment};
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::JobId;
use domain::job::Job;
use domain::ports::{JobDetails, StoreError, TurnHolder};

/// A job that has begun holds its turns, so it is first in all of its lines; one at rest is in none.
pub(super) async fn details(session: &mut Session, job: Job) -> Result<JobDetails, StoreError> {
    if job.started_at.is_some() || job.state.is_at_rest() {
        return Ok(JobDetails {
            job,
            turn_holder: None,
            jobs_ahead: 0,
        });
    }
    Ok(JobDetails {
        turn_holder: turn_holder(session, job.id).await?,
        jobs_ahead: jobs_ahead(session, job.id).await?,
        job,
    })
}

/// Of several holders the one that has held longest.
async fn turn_holder(session: &mut Session, job: JobId) -> Result<Option<TurnHolder>, StoreError> {
    let row: Option<(Option<Id<JobId>>, Option<Moment>)> = on_session!(session, c => turns::table
        .inner_join(turn_waits::table.on(turn_waits::scope.eq(turns::scope)))
        .filter(turn_waits::job_id.eq(Id(job)))
        .filter(turns::holder_job_id.ne(Id(job)))
        .select((turns::holder_job_id, turns::held_since))
        .order(turns::held_since)
        .first(c)
        .await
        .optional())?;
    Ok(row.and_then(|(holder, since)| {
        Some(TurnHolder {
            job_id: holder?.0,
            since: since?.0,
        })
    }))
}

async fn jobs_ahead(session: &mut Session, job: JobId) -> Result<i64, StoreError> {
    let same_scope = earlier_waits.field(turn_waits::scope).eq(turn_waits::scope);
    let earlier = earlier_waits.field(turn_waits::seq).lt(turn_waits::seq);
    let counts: Vec<i64> = on_session!(session, c => turn_waits::table
        .inner_join(earlier_waits.on(same_scope.and(earlier)))
        .filter(turn_waits::job_id.eq(Id(job)))
        .group_by(turn_waits::scope)
        .select(count_star())
        .load(c)
        .await)?;
    Ok(counts.into_iter().max().unwrap_or(0))
}
