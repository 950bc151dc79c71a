//! Teams and their wrapped keys.

use crate::schema::{team_keys, teams};
use crate::session::{Session, on_session};
use crate::sql::{Id, Moment};
use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use domain::ids::TeamId;
use domain::ports::{StoreError, TeamStore};
use domain::team::{Team, WrappedTeamKey};

/// Makes first starts that happen at once see each other's team. Released by the commit.
const LOCK_TEAMS: &str = "LOCK TABLE teams IN SHARE ROW EXCLUSIVE MODE";

#[async_trait]
impl TeamStore for Session {
    async fn insert_team(&mut self, team: &Team, key: &WrappedTeamKey) -> Result<(), StoreError> {
        let row = (
            teams::id.eq(Id(team.id)),
            teams::name.eq(team.name.as_str()),
            teams::created_at.eq(Moment(team.created_at)),
        );
        on_session!(self, c => diesel::insert_into(teams::table).values(row).execute(c).await)?;
        let row = (
            team_keys::team_id.eq(Id(team.id)),
            team_keys::wrapped_key.eq(&key.0),
        );
        on_session!(self, c => diesel::insert_into(team_keys::table).values(row).execute(c).await)?;
        Ok(())
    }

    async fn count_teams(&mut self) -> Result<i64, StoreError> {
        if self.is_postgres() {
            on_session!(self, c => c.batch_execute(LOCK_TEAMS).await)?;
        }
        on_session!(self, c => teams::table.count().get_result(c).await)
    }

    async fn find_team_key(&mut self, team: TeamId) -> Result<Option<WrappedTeamKey>, StoreError> {
        let key: Option<Vec<u8>> = on_session!(self, c => team_keys::table
            .find(Id(team))
            .select(team_keys::wrapped_key)
            .first(c)
            .await
            .optional())?;
        Ok(key.map(WrappedTeamKey))
    }
}
