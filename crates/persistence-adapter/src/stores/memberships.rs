//! Who belongs to which team. That a team has one owner is a rule of the table: a membership carries
//! the kind of its role.

use super::roles::{self, RoleRow};
use super::users::parse_email;
use crate::failure::inconsistent;
use crate::paging::{page_of, rows_to_read};
use crate::schema::{api_tokens, memberships, teams, users};
use crate::session::{Session, on_session};
use crate::sql::{ForUpdate, Id, Moment, database_now};
use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::access::{Role, RoleKind};
use domain::ids::{RoleId, TeamId, UserId};
use domain::names::PersonName;
use domain::page::{Page, PageRequest};
use domain::ports::{Conflict, MembershipStore, StoreError};
use domain::team::{Member, Membership};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = memberships)]
struct MembershipRow {
    team_id: Id<TeamId>,
    user_id: Id<UserId>,
    role_id: Id<RoleId>,
    role_kind: String,
    joined_at: Moment,
}

/// A member as the others see them.
#[derive(Queryable)]
struct MemberRow {
    user_id: Id<UserId>,
    name: String,
    email: String,
    second_factor_confirmed_at: Option<Moment>,
    joined_at: Moment,
    role: RoleRow,
}

impl TryFrom<MemberRow> for Member {
    type Error = StoreError;

    fn try_from(row: MemberRow) -> Result<Self, StoreError> {
        Ok(Self {
            user_id: row.user_id.0,
            name: PersonName::parse(&row.name)
                .map_err(|error| inconsistent("users", "name", error))?,
            email: parse_email("users", &row.email)?,
            role: row.role.try_into()?,
            joined_at: row.joined_at.0,
            has_second_factor: row.second_factor_confirmed_at.is_some(),
        })
    }
}

/// Members with what is shown of them.
macro_rules! members_of {
    ($team:expr) => {
        memberships::table
            .inner_join(users::table.on(users::id.eq(memberships::user_id)))
            .inner_join(
                crate::schema::roles::table.on(crate::schema::roles::id.eq(memberships::role_id)),
            )
            .filter(memberships::team_id.eq(Id($team)))
            .select((
                memberships::user_id,
                users::name,
                users::email,
                users::second_factor_confirmed_at,
                memberships::joined_at,
                RoleRow::as_select(),
            ))
    };
}

/// One member.
pub(crate) async fn find_member(
    session: &mut Session,
    team: TeamId,
    user: UserId,
) -> Result<Option<Member>, StoreError> {
    let row: Option<MemberRow> = on_session!(session, c => members_of!(team)
        .filter(memberships::user_id.eq(Id(user)))
        .first(c)
        .await
        .optional())?;
    row.map(Member::try_from).transpose()
}

/// The members, by the person's id.
pub(crate) async fn list_members(
    session: &mut Session,
    team: TeamId,
    page: PageRequest<UserId>,
) -> Result<Page<Member, UserId>, StoreError> {
    let rows: Vec<MemberRow> = on_session!(session, c => {
        let mut query = members_of!(team).into_boxed();
        if let Some(after) = page.after() {
            query = query.filter(memberships::user_id.gt(Id(after)));
        }
        query.order(memberships::user_id).limit(rows_to_read(&page)).load(c).await
    })?;
    let items = rows.into_iter().map(Member::try_from);
    Ok(page_of(items.collect::<Result<_, _>>()?, &page, |member| {
        member.user_id
    }))
}

/// The kind of a role of the team; a role of another one can be given to nobody.
async fn kind_of_role(
    session: &mut Session,
    team: TeamId,
    role: RoleId,
) -> Result<RoleKind, StoreError> {
    let role = roles::find(session, team, role).await?;
    role.map(|role| role.kind)
        .ok_or(StoreError::Conflict(Conflict::Other))
}

#[async_trait]
impl MembershipStore for Session {
    async fn insert_membership(&mut self, membership: &Membership) -> Result<(), StoreError> {
        let kind = kind_of_role(self, membership.team_id, membership.role_id).await?;
        let row = MembershipRow {
            team_id: Id(membership.team_id),
            user_id: Id(membership.user_id),
            role_id: Id(membership.role_id),
            role_kind: kind.as_str().to_owned(),
            joined_at: Moment(membership.joined_at),
        };
        on_session!(self, c => diesel::insert_into(memberships::table)
            .values(&row)
            .execute(c)
            .await)?;
        Ok(())
    }

    async fn find_membership(
        &mut self,
        team: TeamId,
        user: UserId,
    ) -> Result<Option<(Membership, Role)>, StoreError> {
        let row: Option<MembershipRow> = on_session!(self, c => ForUpdate(
                memberships::table
                    .find((Id(team), Id(user)))
                    .select(MembershipRow::as_select()),
            )
            .get_result(c)
            .await
            .optional())?;
        let Some(row) = row else {
            return Ok(None);
        };
        let role = roles::find(self, team, row.role_id.0)
            .await?
            .ok_or_else(|| inconsistent("memberships", "role_id", "there is no such role"))?;
        let membership = Membership {
            team_id: row.team_id.0,
            user_id: row.user_id.0,
            role_id: row.role_id.0,
            joined_at: row.joined_at.0,
        };
        Ok(Some((membership, role)))
    }

    async fn set_member_role(
        &mut self,
        team: TeamId,
        user: UserId,
        role: RoleId,
    ) -> Result<bool, StoreError> {
        let kind = kind_of_role(self, team, role).await?;
        let row = memberships::table.find((Id(team), Id(user)));
        let changes = (
            memberships::role_id.eq(Id(role)),
            memberships::role_kind.eq(kind.as_str()),
        );
        let updated = on_session!(self, c => diesel::update(row).set(changes).execute(c).await)?;
        Ok(updated == 1)
    }

    /// The membership first, as rights are locked.
    async fn delete_membership(&mut self, team: TeamId, user: UserId) -> Result<bool, StoreError> {
        let row = memberships::table.find((Id(team), Id(user)));
        let deleted = on_session!(self, c => diesel::delete(row).execute(c).await)?;
        on_session!(self, c => diesel::update(api_tokens::table)
            .filter(api_tokens::user_id.eq(Id(user)))
            .filter(api_tokens::team_id.eq(Id(team)))
            .filter(api_tokens::revoked_at.is_null())
            .set(api_tokens::revoked_at.eq(database_now().nullable()))
            .execute(c)
            .await)?;
        Ok(deleted == 1)
    }

    async fn count_owned_teams(&mut self, user: UserId) -> Result<i64, StoreError> {
        on_session!(self, c => memberships::table
            .inner_join(teams::table.on(teams::id.eq(memberships::team_id)))
            .filter(memberships::user_id.eq(Id(user)))
            .filter(memberships::role_kind.eq(RoleKind::Owner.as_str()))
            .filter(teams::deleted_at.is_null())
            .count()
            .get_result(c)
            .await)
    }
}
