//! Whether there are as many jobs in the queue as there may be. Asks for the last one that there may be
//! instead of counting them: a count has no limit.

use crate::schema::job_queue;
use crate::session::{Session, on_session};
use crate::sql::Id;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::{JobId, TeamId};
use domain::ports::{BacklogLimits, FullBacklog, StoreError};
use std::num::NonZeroU32;

pub(super) async fn find_full(
    session: &mut Session,
    team: TeamId,
    limits: BacklogLimits,
) -> Result<Option<FullBacklog>, StoreError> {
    let of_team: Option<Id<JobId>> = on_session!(session, c => job_queue::table
        .filter(job_queue::team_id.eq(Id(team)))
        .select(job_queue::job_id)
        .offset(before(limits.per_team))
        .first(c)
        .await
        .optional())?;
    if of_team.is_some() {
        return Ok(Some(FullBacklog::OfTeam));
    }
    let in_all: Option<Id<JobId>> = on_session!(session, c => job_queue::table
        .select(job_queue::job_id)
        .offset(before(limits.in_all))
        .first(c)
        .await
        .optional())?;
    Ok(in_all.map(|_| FullBacklog::InAll))
}

fn before(limit: NonZeroU32) -> i64 {
    i64::from(limit.get()) - 1
}
