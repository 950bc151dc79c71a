//! Whether there are as many jobs in the queue as there may be. Asks for the last one that there may be
//! instead of counting them: a count has no limit.

use crate::schema::job_queue;
use crate::session::{Session, on_session};
use crate::sql::Id;
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::TeamId;
use domain::ports::{BacklogLimits, FullBacklog, StoreError};
use std::num::NonZeroU32;

pub(super) async fn find_full(
    session: &mut Session,
    team: TeamId,
    limits: BacklogLimits,
) -> Result<Option<FullBacklog>, StoreError> {
    let (is_full_of_team, is_full): (bool, bool) = on_session!(session, c => diesel::select((
            exists(
                job_queue::table
                    .filter(job_queue::team_id.eq(Id(team)))
                    .select(job_queue::job_id)
                    .offset(before(limits.per_team))
                    .limit(1),
            ),
            exists(
                job_queue::table
                    .select(job_queue::job_id)
                    .order(job_queue::job_id)
                    .offset(before(limits.in_all))
                    .limit(1),
            ),
        ))
        .get_result(c)
        .await)?;
    Ok(match (is_full_of_team, is_full) {
        (true, _) => Some(FullBacklog::OfTeam),
        (false, true) => Some(FullBacklog::InAll),
        (false, false) => None,
    })
}

fn before(limit: NonZeroU32) -> i64 {
    i64::from(limit.get()) - 1
}
