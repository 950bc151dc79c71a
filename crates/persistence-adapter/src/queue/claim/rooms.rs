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

/// An arbitrary number that only claims lock.
const CLAIM_LOCK: &str = "SELECT pg_advisory_xact_lock(7780223618)";

/// Who is full.
pub(super) struct FullRooms {
    pub(super) teams: Vec<Id<TeamId>>,
    pub(super) platforms: Vec<String>,
}

/// The rooms that held jobs take.
#[derive(Default)]
pub(super) struct TakenRooms {
    teams: HashMap<TeamId, u32>,
    platforms: HashMap<String, u32>,
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
    let held: Vec<(Id<TeamId>, Option<String>)> = on_session!(session, c => job_queue::table
        .left_join(platform_accounts::table.on(platform_accounts::team_id.eq(job_queue::team_id)))
        .filter(job_queue::lease_owner.is_not_null())
        .select((job_queue::team_id, platform_accounts::platform.nullable()))
        .load(c)
        .await)?;
    let mut taken = TakenRooms::default();
    for (team, platform) in held {
        taken.add(team.0, platform.as_deref());
    }
    Ok(taken)
}

impl TakenRooms {
    fn add(&mut self, team: TeamId, platform: Option<&str>) {
        *self.teams.entry(team).or_default() += 1;
        if let Some(platform) = platform {
            *self.platforms.entry(platform.to_owned()).or_default() += 1;
        }
    }

    pub(super) fn full(&self, rooms: JobRooms) -> FullRooms {
        let teams = self.teams.iter();
        let platforms = self.platforms.iter();
        FullRooms {
            teams: teams
                .filter(|(_, held)| **held >= rooms.per_team.get())
                .map(|(team, _)| Id(*team))
                .collect(),
            platforms: platforms
                .filter(|(_, held)| **held >= rooms.per_platform.get())
                .map(|(platform, _)| platform.clone())
                .collect(),
        }
    }

    fn has_room(&self, team: TeamId, platform: Option<&str>, rooms: JobRooms) -> bool {
        let of_team = self.teams.get(&team).copied().unwrap_or(0);
        let of_platform = platform.and_then(|platform| self.platforms.get(platform));
        of_team < rooms.per_team.get()
            && of_platform.is_none_or(|held| *held < rooms.per_platform.get())
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
            let is_background =
                JobKind::parse(&candidate.kind).is_some_and(|it| it.pool() == JobPool::Background);
            if is_background && background_left == 0 {
                continue;
            }
            // Who is taken over has its room already.
            if candidate.lease_owner.is_none() {
                if !self.has_room(team, platform, request.rooms) {
                    continue;
                }
                self.add(team, platform);
            }
            background_left -= u32::from(is_background);
            let_in.push(it);
        }
        let_in
    }
}
