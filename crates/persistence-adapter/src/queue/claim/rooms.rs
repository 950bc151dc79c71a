//! How many jobs run at once: of a platform, of a team, and of those that nobody waits for.

use super::Eligible;
use crate::schema::{job_queue, platform_accounts};
use crate::session::{Session, on_session};
use crate::sql::{Id, PrepareOnce as _};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::TeamId;
use domain::job::{JobKind, JobPool};
use domain::ports::{ClaimRequest, JobRooms, StoreError};
use std::collections::HashMap;
use std::num::NonZeroU32;

/// An arbitrary number that only claims lock.
const CLAIM_LOCK: &str = "SELECT pg_advisory_xact_lock(7780223618)";

/// Whose rooms a pool cannot take any more.
pub(super) struct FullRooms {
    pub(super) teams: Vec<Id<TeamId>>,
    pub(super) platforms: Vec<String>,
}

/// How many jobs are held in rooms of one sort.
#[derive(Default, Clone, Copy)]
struct Held {
    in_all: u32,
    of_background: u32,
}

impl Held {
    fn add(&mut self, pool: JobPool) {
        self.in_all += 1;
        self.of_background += u32::from(pool == JobPool::Background);
    }

    /// Whether the pool may take one more of so many.
    fn leaves_room(self, pool: JobPool, rooms: NonZeroU32) -> bool {
        let is_within_share = match pool {
            JobPool::Interactive => true,
            JobPool::Background => self.of_background < pool.share_of(rooms.get()),
        };
        self.in_all < rooms.get() && is_within_share
    }
}

/// The rooms that held jobs take.
#[derive(Default)]
pub(super) struct TakenRooms {
    teams: HashMap<TeamId, Held>,
    platforms: HashMap<String, Held>,
}

/// Counts what is held, and lets nobody else claim before this transaction ends: two claims at once would both find
/// the last room free. SQLite has one writer at a time.
pub(super) async fn lock(session: &mut Session) -> Result<TakenRooms, StoreError> {
    if session.is_postgres() {
        on_session!(session, c => diesel::sql_query(CLAIM_LOCK)
            .prepared_once()
            .execute(c)
            .await)?;
    }
    // A statement of its own: it has to see what was committed while the lock was awaited.
    let held: Vec<(Id<TeamId>, String, Option<String>)> = on_session!(session, c => job_queue::table
        .left_join(platform_accounts::table.on(platform_accounts::team_id.eq(job_queue::team_id)))
        .filter(job_queue::lease_owner.is_not_null())
        .select((
            job_queue::team_id,
            job_queue::kind,
            platform_accounts::platform.nullable(),
        ))
        .load(c)
        .await)?;
    let mut taken = TakenRooms::default();
    for (team, kind, platform) in held {
        taken.add(team.0, platform.as_deref(), pool_of(&kind));
    }
    Ok(taken)
}

/// A kind of a newer version takes rooms like any other that nobody is known to wait for.
fn pool_of(kind: &str) -> JobPool {
    JobKind::parse(kind).map_or(JobPool::Background, JobKind::pool)
}

impl TakenRooms {
    fn add(&mut self, team: TeamId, platform: Option<&str>, pool: JobPool) {
        self.teams.entry(team).or_default().add(pool);
        if let Some(platform) = platform {
            let platform = platform.to_owned();
            self.platforms.entry(platform).or_default().add(pool);
        }
    }

    pub(super) fn full(&self, pool: JobPool, rooms: JobRooms) -> FullRooms {
        let teams = self.teams.iter();
        let platforms = self.platforms.iter();
        FullRooms {
            teams: teams
                .filter(|(_, held)| !held.leaves_room(pool, rooms.per_team))
                .map(|(team, _)| Id(*team))
                .collect(),
            platforms: platforms
                .filter(|(_, held)| !held.leaves_room(pool, rooms.per_platform))
                .map(|(platform, _)| platform.clone())
                .collect(),
        }
    }

    fn has_room(
        &self,
        team: TeamId,
        platform: Option<&str>,
        pool: JobPool,
        rooms: JobRooms,
    ) -> bool {
        let of_team = self.teams.get(&team).copied().unwrap_or_default();
        let of_platform = platform.and_then(|platform| self.platforms.get(platform));
        let of_platform = of_platform.copied().unwrap_or_default();
        of_team.leaves_room(pool, rooms.per_team)
            && of_platform.leaves_room(pool, rooms.per_platform)
    }

    /// Those for whom there is room, in their order. What is left over is asked for again, without those whose rooms
    /// are full then.
    pub(super) fn let_in(
        mut self,
        request: &ClaimRequest,
        eligible: Vec<Eligible>,
    ) -> Vec<Eligible> {
        let mut background_left = request.background_limit;
        let mut let_in = Vec::with_capacity(eligible.len());
        for it in eligible {
            let candidate = &it.candidate;
            let (team, platform) = (candidate.team_id.0, candidate.platform.as_deref());
            let pool = pool_of(&candidate.kind);
            let is_background = pool == JobPool::Background;
            if is_background && background_left == 0 {
                continue;
            }
            // Who is taken over has its room already.
            if candidate.lease_owner.is_none() {
                if !self.has_room(team, platform, pool, request.rooms) {
                    continue;
                }
                self.add(team, platform, pool);
            }
            background_left -= u32::from(is_background);
            let_in.push(it);
        }
        let_in
    }
}
