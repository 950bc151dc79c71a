//! Teams, their keys, and what waits about a team as a whole.

use super::{ownership_offers, roles, team_deletions};
use crate::failure::inconsistent;
use crate::paging::{page_of, rows_to_read};
use crate::schema::{memberships, team_keys, teams};
use crate::session::{Session, on_session};
use crate::sql::{Id, Moment};
use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::access::{Role, TeamAccess};
use domain::ids::{RoleId, TeamId, UserId};
use domain::names::TeamName;
use domain::page::{Page, PageRequest};
use domain::ports::{StoreError, TeamStore};
use domain::sealed::WrappedKey;
use domain::team::{OwnershipOffer, Team, TeamDeletion};
use jiff::Timestamp;

mod deletion;

#[derive(Queryable, Selectable)]
#[diesel(table_name = teams)]
pub(crate) struct TeamRow {
    id: Id<TeamId>,
    name: String,
    created_at: Moment,
    suspended_at: Option<Moment>,
    version: i64,
}

impl TeamRow {
    /// The person's place in the team, by their role there.
    pub(crate) fn access(&self, role: Option<Role>) -> TeamAccess {
        TeamAccess {
            team_id: self.id.0,
            is_suspended: self.suspended_at.is_some(),
            role,
        }
    }
}

impl TryFrom<TeamRow> for Team {
    type Error = StoreError;

    fn try_from(row: TeamRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.0,
            name: TeamName::parse(&row.name)
                .map_err(|error| inconsistent("teams", "name", error))?,
            created_at: row.created_at.0,
            suspended_at: row.suspended_at.map(|moment| moment.0),
            version: row.version,
        })
    }
}

/// The team, unless it is deleted.
pub(crate) async fn find(session: &mut Session, team: TeamId) -> Result<Option<Team>, StoreError> {
    let row: Option<TeamRow> = on_session!(session, c => teams::table
        .find(Id(team))
        .filter(teams::deleted_at.is_null())
        .select(TeamRow::as_select())
        .first(c)
        .await
        .optional())?;
    row.map(Team::try_from).transpose()
}

/// All living teams, by id.
pub(crate) async fn list(
    session: &mut Session,
    page: PageRequest<TeamId>,
) -> Result<Page<Team, TeamId>, StoreError> {
    let rows: Vec<TeamRow> = on_session!(session, c => {
        let mut query = teams::table
            .filter(teams::deleted_at.is_null())
            .select(TeamRow::as_select())
            .into_boxed();
        if let Some(after) = page.after() {
            query = query.filter(teams::id.gt(Id(after)));
        }
        query.order(teams::id).limit(rows_to_read(&page)).load(c).await
    })?;
    let items = rows.into_iter().map(Team::try_from);
    Ok(page_of(items.collect::<Result<_, _>>()?, &page, |team| {
        team.id
    }))
}

/// Living teams of the person with their role, by id.
pub(crate) async fn list_of_user(
    session: &mut Session,
    user: UserId,
    page: PageRequest<TeamId>,
) -> Result<Page<(Team, Role), TeamId>, StoreError> {
    let rows: Vec<(TeamRow, roles::RoleRow)> = on_session!(session, c => {
        let mut query = memberships::table
            .inner_join(teams::table.on(teams::id.eq(memberships::team_id)))
            .inner_join(crate::schema::roles::table
                .on(crate::schema::roles::id.eq(memberships::role_id)))
            .filter(memberships::user_id.eq(Id(user)))
            .filter(teams::deleted_at.is_null())
            .select((TeamRow::as_select(), roles::RoleRow::as_select()))
            .into_boxed();
        if let Some(after) = page.after() {
            query = query.filter(memberships::team_id.gt(Id(after)));
        }
        query.order(memberships::team_id).limit(rows_to_read(&page)).load(c).await
    })?;
    let items = rows
        .into_iter()
        .map(|(team, role)| Ok((Team::try_from(team)?, Role::try_from(role)?)));
    Ok(page_of(
        items.collect::<Result<_, StoreError>>()?,
        &page,
        |(team, _)| team.id,
    ))
}

async fn insert(
    session: &mut Session,
    team: &Team,
    key: &WrappedKey,
    built_in_roles: &[RoleId; 4],
) -> Result<(), StoreError> {
    let row = (
        teams::id.eq(Id(team.id)),
        teams::name.eq(team.name.as_str()),
        teams::created_at.eq(Moment(team.created_at)),
        teams::suspended_at.eq(team.suspended_at.map(Moment)),
        teams::version.eq(team.version),
    );
    on_session!(session, c => diesel::insert_into(teams::table).values(row).execute(c).await)?;
    let row = (
        team_keys::team_id.eq(Id(team.id)),
        team_keys::wrapped_key.eq(&key.0),
    );
    on_session!(session, c => diesel::insert_into(team_keys::table).values(row).execute(c).await)?;
    roles::insert_built_in(session, team.id, built_in_roles).await
}

async fn update(session: &mut Session, team: &Team) -> Result<(), StoreError> {
    let changes = (
        teams::name.eq(team.name.as_str()),
        teams::suspended_at.eq(team.suspended_at.map(Moment)),
        teams::version.eq(teams::version + 1),
    );
    let updated = on_session!(session, c => diesel::update(teams::table.find(Id(team.id)))
        .filter(teams::version.eq(team.version))
        .filter(teams::deleted_at.is_null())
        .set(changes)
        .execute(c)
        .await)?;
    if updated == 1 {
        Ok(())
    } else {
        Err(StoreError::VersionChanged)
    }
}

#[async_trait]
impl TeamStore for Session {
    async fn insert_team(
        &mut self,
        team: &Team,
        key: &WrappedKey,
        built_in_roles: &[RoleId; 4],
    ) -> Result<(), StoreError> {
        insert(self, team, key, built_in_roles).await
    }

    async fn find_team(&mut self, team: TeamId) -> Result<Option<Team>, StoreError> {
        find(self, team).await
    }

    async fn update_team(&mut self, team: &Team) -> Result<(), StoreError> {
        update(self, team).await
    }

    async fn delete_team(&mut self, team: TeamId, at: Timestamp) -> Result<(), StoreError> {
        deletion::delete(self, team, at).await
    }

    async fn find_team_key(&mut self, team: TeamId) -> Result<Option<WrappedKey>, StoreError> {
        let key: Option<Vec<u8>> = on_session!(self, c => team_keys::table
            .find(Id(team))
            .select(team_keys::wrapped_key)
            .first(c)
            .await
            .optional())?;
        Ok(key.map(WrappedKey))
    }

    async fn put_team_deletion(&mut self, deletion: &TeamDeletion) -> Result<(), StoreError> {
        team_deletions::put(self, deletion).await
    }

    async fn find_team_deletion(
        &mut self,
        team: TeamId,
    ) -> Result<Option<TeamDeletion>, StoreError> {
        team_deletions::find(self, team).await
    }

    async fn put_ownership_offer(&mut self, offer: &OwnershipOffer) -> Result<(), StoreError> {
        ownership_offers::put(self, offer).await
    }

    async fn find_ownership_offer(
        &mut self,
        team: TeamId,
    ) -> Result<Option<OwnershipOffer>, StoreError> {
        ownership_offers::find_locked(self, team).await
    }

    async fn delete_ownership_offer(&mut self, team: TeamId) -> Result<bool, StoreError> {
        ownership_offers::delete(self, team).await
    }
}
