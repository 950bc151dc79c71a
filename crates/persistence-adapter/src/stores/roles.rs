//! Roles of teams. What a built-in role allows is fixed in code, so nothing is stored of it.

use crate::failure::{inconsistent, parse_column};
use crate::paging::{page_of, rows_to_read};
use crate::schema::{invitations, memberships, roles};
use crate::session::{Session, on_session};
use crate::sql::{ForUpdate, Id, database_now};
use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::access::{PermissionSet, Role, RoleKind};
use domain::ids::{RoleId, TeamId};
use domain::names::RoleName;
use domain::page::{Page, PageRequest};
use domain::ports::{Conflict, RoleStore, StoreError};

const TABLE: &str = "roles";
const CUSTOM: RoleKind = RoleKind::Custom;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = roles)]
pub(crate) struct RoleRow {
    id: Id<RoleId>,
    team_id: Id<TeamId>,
    kind: String,
    name: String,
    permissions: String,
    version: i64,
}

impl TryFrom<RoleRow> for Role {
    type Error = StoreError;

    fn try_from(row: RoleRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.0,
            team_id: row.team_id.0,
            kind: parse_column(TABLE, "kind", &row.kind, RoleKind::parse)?,
            name: RoleName::parse(&row.name).map_err(|error| inconsistent(TABLE, "name", error))?,
            custom_permissions: PermissionSet::parse_slugs(&row.permissions),
            version: row.version,
        })
    }
}

pub(super) async fn insert_built_in(
    session: &mut Session,
    team: TeamId,
    ids: &[RoleId; 4],
) -> Result<(), StoreError> {
    for (id, kind) in ids.iter().zip(RoleKind::BUILT_IN) {
        let row = RoleRow {
            id: Id(*id),
            team_id: Id(team),
            kind: kind.as_str().to_owned(),
            name: kind.as_str().to_owned(),
            permissions: String::new(),
            version: 1,
        };
        on_session!(session, c => diesel::insert_into(roles::table).values(&row).execute(c).await)?;
    }
    Ok(())
}

/// One role of the team.
pub(crate) async fn find(
    session: &mut Session,
    team: TeamId,
    role: RoleId,
) -> Result<Option<Role>, StoreError> {
    let row: Option<RoleRow> = on_session!(session, c => roles::table
        .find(Id(role))
        .filter(roles::team_id.eq(Id(team)))
        .select(RoleRow::as_select())
        .first(c)
        .await
        .optional())?;
    row.map(Role::try_from).transpose()
}

/// The roles of the team, by id.
pub(crate) async fn list(
    session: &mut Session,
    team: TeamId,
    page: PageRequest<RoleId>,
) -> Result<Page<Role, RoleId>, StoreError> {
    let rows: Vec<RoleRow> = on_session!(session, c => {
        let mut query = roles::table
            .filter(roles::team_id.eq(Id(team)))
            .select(RoleRow::as_select())
            .into_boxed();
        if let Some(after) = page.after() {
            query = query.filter(roles::id.gt(Id(after)));
        }
        query.order(roles::id).limit(rows_to_read(&page)).load(c).await
    })?;
    let items = rows.into_iter().map(Role::try_from);
    Ok(page_of(items.collect::<Result<_, _>>()?, &page, |role| {
        role.id
    }))
}

/// Takes the role with invitations that are over; they are history, and the audit trail tells it.
async fn delete(session: &mut Session, team: TeamId, role: RoleId) -> Result<bool, StoreError> {
    let id = Id(role);
    // Who gives the role to somebody refers to its row, and so waits for us or we for them.
    let locked: Option<Id<RoleId>> = on_session!(session, c => ForUpdate(
            roles::table
                .find(id)
                .filter(roles::team_id.eq(Id(team)))
                .filter(roles::kind.eq(CUSTOM.as_str()))
                .select(roles::id),
        )
        .get_result(c)
        .await
        .optional())?;
    if locked.is_none() {
        return Ok(false);
    }
    if is_in_use(session, team, role).await? {
        return Err(StoreError::Conflict(Conflict::RoleInUse));
    }
    on_session!(session, c => diesel::delete(invitations::table)
        .filter(invitations::role_id.eq(id))
        .execute(c)
        .await)?;
    on_session!(session, c => diesel::delete(roles::table.find(id)).execute(c).await)?;
    Ok(true)
}

async fn is_in_use(session: &mut Session, team: TeamId, role: RoleId) -> Result<bool, StoreError> {
    let members: i64 = on_session!(session, c => memberships::table
        .filter(memberships::team_id.eq(Id(team)))
        .filter(memberships::role_id.eq(Id(role)))
        .count()
        .get_result(c)
        .await)?;
    let invited: i64 = on_session!(session, c => invitations::table
        .filter(invitations::role_id.eq(Id(role)))
        .filter(invitations::accepted_at.is_null())
        .filter(invitations::revoked_at.is_null())
        .filter(invitations::expires_at.gt(database_now()))
        .count()
        .get_result(c)
        .await)?;
    Ok(members + invited > 0)
}

#[async_trait]
impl RoleStore for Session {
    async fn insert_role(&mut self, role: &Role) -> Result<(), StoreError> {
        let row = RoleRow {
            id: Id(role.id),
            team_id: Id(role.team_id),
            kind: CUSTOM.as_str().to_owned(),
            name: role.name.as_str().to_owned(),
            permissions: role.custom_permissions.to_slugs(),
            version: role.version,
        };
        on_session!(self, c => diesel::insert_into(roles::table).values(&row).execute(c).await)?;
        Ok(())
    }

    async fn find_role(&mut self, team: TeamId, role: RoleId) -> Result<Option<Role>, StoreError> {
        find(self, team, role).await
    }

    async fn find_built_in_role(
        &mut self,
        team: TeamId,
        kind: RoleKind,
    ) -> Result<Option<Role>, StoreError> {
        if kind == CUSTOM {
            return Ok(None);
        }
        let row: Option<RoleRow> = on_session!(self, c => roles::table
            .filter(roles::team_id.eq(Id(team)))
            .filter(roles::kind.eq(kind.as_str()))
            .select(RoleRow::as_select())
            .first(c)
            .await
            .optional())?;
        row.map(Role::try_from).transpose()
    }

    async fn update_role(&mut self, role: &Role) -> Result<(), StoreError> {
        let changes = (
            roles::name.eq(role.name.as_str()),
            roles::permissions.eq(role.custom_permissions.to_slugs()),
            roles::version.eq(roles::version + 1),
        );
        let updated = on_session!(self, c => diesel::update(roles::table.find(Id(role.id)))
            .filter(roles::team_id.eq(Id(role.team_id)))
            .filter(roles::kind.eq(CUSTOM.as_str()))
            .filter(roles::version.eq(role.version))
            .set(changes)
            .execute(c)
            .await)?;
        if updated == 1 {
            Ok(())
        } else {
            Err(StoreError::VersionChanged)
        }
    }

    async fn delete_role(&mut self, team: TeamId, role: RoleId) -> Result<bool, StoreError> {
        delete(self, team, role).await
    }

    async fn count_custom_roles(&mut self, team: TeamId) -> Result<i64, StoreError> {
        on_session!(self, c => roles::table
            .filter(roles::team_id.eq(Id(team)))
            .filter(roles::kind.eq(CUSTOM.as_str()))
            .count()
            .get_result(c)
            .await)
    }
}
