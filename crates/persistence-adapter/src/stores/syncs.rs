//! When teams are synced.

use crate::failure::inconsistent;
use crate::schema::{job_queue, platform_accounts, team_syncs};
use crate::session::{Session, on_session};
use crate::sql::{Id, database_now, database_now_before, database_now_plus};
use diesel::dsl::{count_star, exists, not};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::{JobId, TeamId};
use domain::job::JobKind;
use domain::names::PlatformName;
use domain::platform_account::PlatformAccountState;
use domain::ports::{DueSync, StoreError};
use std::time::Duration;

/// A new account is looked at soon.
pub(super) async fn schedule_first(session: &mut Session, team: TeamId) -> Result<(), StoreError> {
    set_next(session, team, Duration::ZERO).await
}

pub(super) async fn set_next(
    session: &mut Session,
    team: TeamId,
    after: Duration,
) -> Result<(), StoreError> {
    let due = database_now_plus(after);
    on_session!(session, c => diesel::insert_into(team_syncs::table)
        .values((team_syncs::team_id.eq(Id(team)), team_syncs::due_at.eq(due)))
        .on_conflict(team_syncs::team_id)
        .do_update()
        .set(team_syncs::due_at.eq(due))
        .execute(c)
        .await)?;
    Ok(())
}

pub(super) async fn note_ended(session: &mut Session, team: TeamId) -> Result<(), StoreError> {
    on_session!(session, c => diesel::update(team_syncs::table.find(Id(team)))
        .set(team_syncs::ended_at.eq(database_now().nullable()))
        .execute(c)
        .await)?;
    Ok(())
}

pub(super) async fn hasten(
    session: &mut Session,
    team: TeamId,
    pause: Duration,
) -> Result<(), StoreError> {
    let ended_long_ago = team_syncs::ended_at
        .is_null()
        .or(team_syncs::ended_at.le(database_now_before(pause).nullable()));
    on_session!(session, c => diesel::update(team_syncs::table.find(Id(team)))
        .filter(team_syncs::due_at.gt(database_now()))
        .filter(ended_long_ago)
        .set(team_syncs::due_at.eq(database_now()))
        .execute(c)
        .await)?;
    Ok(())
}

/// Teams whose account is connected, whose time has come and that are not being synced; the longest due first.
pub(crate) async fn list_due(
    session: &mut Session,
    limit: u32,
) -> Result<Vec<DueSync>, StoreError> {
    let rows: Vec<(Id<TeamId>, String)> = on_session!(session, c => {
        let is_being_synced = exists(
            job_queue::table
                .filter(job_queue::team_id.eq(team_syncs::team_id))
                .filter(job_queue::kind.eq(JobKind::TeamSync.as_str())),
        );
        team_syncs::table
            .inner_join(platform_accounts::table.on(
                platform_accounts::team_id.eq(team_syncs::team_id),
            ))
            .filter(team_syncs::due_at.le(database_now()))
            .filter(platform_accounts::state.eq(PlatformAccountState::Connected.as_str()))
            .filter(not(is_being_synced))
            .order(team_syncs::due_at)
            .limit(i64::from(limit))
            .select((team_syncs::team_id, platform_accounts::platform))
            .load(c)
            .await
    })?;
    rows.into_iter()
        .map(|(team, platform)| {
            let platform = platform_name(&platform)?;
            Ok(DueSync {
                team_id: team.0,
                platform,
            })
        })
        .collect()
}

/// How many syncs are on their way, by platform.
pub(crate) async fn count_live(
    session: &mut Session,
) -> Result<Vec<(PlatformName, i64)>, StoreError> {
    let rows: Vec<(String, i64)> = on_session!(session, c => job_queue::table
        .inner_join(platform_accounts::table.on(platform_accounts::team_id.eq(job_queue::team_id)))
        .filter(job_queue::kind.eq(JobKind::TeamSync.as_str()))
        .group_by(platform_accounts::platform)
        .select((platform_accounts::platform, count_star()))
        .load(c)
        .await)?;
    rows.into_iter()
        .map(|(platform, count)| Ok((platform_name(&platform)?, count)))
        .collect()
}

/// The sync of the team that has not come to rest.
pub(crate) async fn find_live(
    session: &mut Session,
    team: TeamId,
) -> Result<Option<JobId>, StoreError> {
    let job: Option<Id<JobId>> = on_session!(session, c => job_queue::table
        .filter(job_queue::team_id.eq(Id(team)))
        .filter(job_queue::kind.eq(JobKind::TeamSync.as_str()))
        .select(job_queue::job_id)
        .first(c)
        .await
        .optional())?;
    Ok(job.map(|job| job.0))
}

fn platform_name(text: &str) -> Result<PlatformName, StoreError> {
    PlatformName::parse(text).map_err(|error| inconsistent("platform_accounts", "platform", error))
}
