//! Jobs that look as if they could be claimed.

use super::rooms::TakenRooms;
use crate::queue::lines::is_first_everywhere;
use crate::schema::{job_queue, platform_accounts};
use crate::session::{Session, on_session};
use crate::sql::{
    DatabaseNow, Id, Moment, SkipLocked, database_now, first_not_null, leases_may_be_taken_over,
};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::{JobId, ProcessId, TeamId};
use domain::job::{JobKind, JobPool};
use domain::ports::{ClaimRequest, StoreError};

/// The platform of the outer query's job.
#[diesel::dsl::auto_type]
fn platform_of_its_team() -> _ {
    platform_accounts::table
        .filter(platform_accounts::team_id.eq(job_queue::team_id))
        .select(platform_accounts::platform.nullable())
        .single_value()
}

/// A row of the queue, locked for this claim.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = job_queue)]
pub(super) struct Candidate {
    pub(super) job_id: Id<JobId>,
    pub(super) team_id: Id<TeamId>,
    pub(super) kind: String,
    /// Where the team's account is; none while it has none.
    #[diesel(select_expression = platform_of_its_team(), select_expression_type = platform_of_its_team)]
    pub(super) platform: Option<String>,
    pub(super) lease_owner: Option<Id<ProcessId>>,
    pub(super) lease_until: Option<Moment>,
    pub(super) fence: i64,
    pub(super) deaths: i32,
    /// The moment of the claim. Read once: on SQLite two statements of one claim may see different
    /// times, and a turn would be held since later than its holder's start.
    #[diesel(select_expression = database_now(), select_expression_type = DatabaseNow)]
    pub(super) claimed_at: Moment,
}

/// Neither the team of the outer query's job nor its platform is among the full.
macro_rules! has_room {
    ($full:expr) => {
        job_queue::team_id.ne_all(&$full.teams).and(not(exists(
            platform_accounts::table
                .filter(platform_accounts::team_id.eq(job_queue::team_id))
                .filter(platform_accounts::platform.eq_any(&$full.platforms)),
        )))
    };
}

fn background() -> impl Iterator<Item = &'static str> {
    let kinds = JobKind::ALL.iter();
    kinds
        .filter(|kind| kind.pool() == JobPool::Background)
        .map(|kind| kind.as_str())
}

/// Due jobs that nobody holds, of kinds the process knows, each first in all of its lines, and none whose room is
/// full: they would stand in front of others in vain. Locked against their holders.
pub(super) async fn lock_candidates(
    session: &mut Session,
    request: &ClaimRequest,
    taken: &TakenRooms,
) -> Result<Vec<Candidate>, StoreError> {
    let full = taken.full(JobPool::Interactive, request.rooms);
    let full_of_background = taken.full(JobPool::Background, request.rooms);
    on_session!(session, c => {
        let nobody_holds_it = job_queue::lease_until.is_null().or(
            job_queue::lease_until
                .le(database_now().nullable())
                .and(leases_may_be_taken_over().nullable()),
        );
        let mut query = job_queue::table.into_boxed();
        for (kind, version) in &request.kinds {
            query = query.or_filter(
                job_queue::kind.eq(kind.as_str()).and(job_queue::kind_version.le(*version)),
            );
        }
        let query = query
            .filter(job_queue::due_at.le(database_now()))
            .filter(nobody_holds_it)
            .filter(is_first_everywhere())
            // Who is taken over has its room already.
            .filter(
                job_queue::lease_owner.is_not_null().or(has_room!(full).and(
                    job_queue::kind
                        .ne_all(background())
                        .or(has_room!(full_of_background)),
                )),
            )
            .order((
                // Its place among the jobs of all teams; those from before there were places stand where
                // they became due.
                first_not_null(job_queue::fair_at, job_queue::due_at.nullable()),
                job_queue::job_id,
            ))
            .limit(i64::from(request.limit))
            .select(Candidate::as_select());
        SkipLocked(query).load(c).await
    })
}
