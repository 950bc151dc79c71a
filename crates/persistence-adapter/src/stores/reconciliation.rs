//! What a sync writes in its transaction.

use super::{environments, findings, syncs};
use crate::schema::{environments as environments_table, turn_waits, turns};
use crate::session::{Session, on_session};
use crate::sql::{Id, Moment, SkipLocked};
use async_trait::async_trait;
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::environment::Environment;
use domain::finding::Finding;
use domain::ids::{EnvironmentId, FindingId, JobId, TeamId};
use domain::ports::{ReconciliationStore, StoreError};
use domain::turn::TurnScope;
use jiff::Timestamp;
use std::time::Duration;

/// A job stands in line under the lock of the turn's row, so whoever has that lock and sees nobody in line
/// keeps everybody out until the commit. It is not waited for: jobs go first.
async fn lock_idle_turn(
    session: &mut Session,
    environment: EnvironmentId,
) -> Result<bool, StoreError> {
    let scope = TurnScope::Environment(environment).to_string();
    on_session!(session, c => diesel::insert_into(turns::table)
        .values((turns::scope.eq(&scope), turns::epoch.eq(0), turns::next_seq.eq(1)))
        .on_conflict_do_nothing()
        .execute(c)
        .await)?;
    let holder: Option<Option<Id<JobId>>> = on_session!(session, c => SkipLocked(
        turns::table.filter(turns::scope.eq(&scope)).select(turns::holder_job_id),
    )
    .load(c)
    .await)?
    .into_iter()
    .next();
    if holder != Some(None) {
        return Ok(false);
    }
    let is_awaited: bool = on_session!(session, c => diesel::select(exists(
        turn_waits::table.filter(turn_waits::scope.eq(&scope)),
    ))
    .get_result(c)
    .await)?;
    Ok(!is_awaited)
}

#[async_trait]
impl ReconciliationStore for Session {
    async fn lock_idle_environment(
        &mut self,
        team: TeamId,
        environment: EnvironmentId,
    ) -> Result<Option<Environment>, StoreError> {
        if !lock_idle_turn(self, environment).await? {
            return Ok(None);
        }
        environments::find(self, team, environment).await
    }

    async fn mark_synced(
        &mut self,
        team: TeamId,
        environments: &[EnvironmentId],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        if environments.is_empty() {
            return Ok(());
        }
        let ids: Vec<_> = environments.iter().copied().map(Id).collect();
        on_session!(self, c => diesel::update(environments_table::table)
            .filter(environments_table::team_id.eq(Id(team)))
            .filter(environments_table::id.eq_any(ids))
            .set(environments_table::synced_at.eq(Some(Moment(at))))
            .execute(c)
            .await)?;
        Ok(())
    }

    async fn list_open_findings(&mut self, team: TeamId) -> Result<Vec<Finding>, StoreError> {
        findings::list_open(self, team).await
    }

    async fn insert_finding(&mut self, finding: &Finding) -> Result<(), StoreError> {
        findings::insert(self, finding).await
    }

    async fn confirm_finding(
        &mut self,
        team: TeamId,
        finding: FindingId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        findings::confirm(self, (team, finding), at).await
    }

    async fn close_finding(
        &mut self,
        team: TeamId,
        finding: FindingId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        findings::close(self, (team, finding), at).await
    }

    async fn set_next_sync(&mut self, team: TeamId, after: Duration) -> Result<(), StoreError> {
        syncs::set_next(self, team, after).await
    }

    async fn note_sync_ended(&mut self, team: TeamId) -> Result<(), StoreError> {
        syncs::note_ended(self, team).await
    }

    async fn hasten_sync(&mut self, team: TeamId, pause: Duration) -> Result<(), StoreError> {
        syncs::hasten(self, team, pause).await
    }
}
