//! Invitations into teams. An open one was neither accepted nor revoked; it may have expired.

use super::users::parse_email;
use crate::paging::{page_of, rows_to_read};
use crate::schema::{invitations, teams};
use crate::session::{Session, on_session};
use crate::sql::{ForShare, ForUpdate, Id, Moment, hash_among};
use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::{InvitationId, RoleId, TeamId, UserId};
use domain::names::EmailAddress;
use domain::page::{Page, PageRequest};
use domain::people::TokenHash;
use domain::ports::{InvitationStore, StoreError};
use domain::team::Invitation;
use jiff::Timestamp;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = invitations)]
struct InvitationRow {
    id: Id<InvitationId>,
    team_id: Id<TeamId>,
    email: String,
    role_id: Id<RoleId>,
    invited_by: Id<UserId>,
    pepper_id: String,
    mac: Vec<u8>,
    created_at: Moment,
    expires_at: Moment,
}

impl From<&Invitation> for InvitationRow {
    fn from(invitation: &Invitation) -> Self {
        Self {
            id: Id(invitation.id),
            team_id: Id(invitation.team_id),
            email: invitation.email.as_str().to_owned(),
            role_id: Id(invitation.role_id),
            invited_by: Id(invitation.invited_by),
            pepper_id: invitation.hash.pepper_id.clone(),
            mac: invitation.hash.mac.clone(),
            created_at: Moment(invitation.created_at),
            expires_at: Moment(invitation.expires_at),
        }
    }
}

impl TryFrom<InvitationRow> for Invitation {
    type Error = StoreError;

    fn try_from(row: InvitationRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.0,
            team_id: row.team_id.0,
            email: parse_email("invitations", &row.email)?,
            role_id: row.role_id.0,
            invited_by: row.invited_by.0,
            hash: TokenHash {
                pepper_id: row.pepper_id,
                mac: row.mac,
            },
            created_at: row.created_at.0,
            expires_at: row.expires_at.0,
        })
    }
}

/// Open, unexpired invitations of the team, by id.
pub(crate) async fn list(
    session: &mut Session,
    team: TeamId,
    now: Timestamp,
    page: PageRequest<InvitationId>,
) -> Result<Page<Invitation, InvitationId>, StoreError> {
    let rows: Vec<InvitationRow> = on_session!(session, c => {
        let mut query = invitations::table
            .filter(invitations::team_id.eq(Id(team)))
            .filter(invitations::accepted_at.is_null())
            .filter(invitations::revoked_at.is_null())
            .filter(invitations::expires_at.gt(Moment(now)))
            .select(InvitationRow::as_select())
            .into_boxed();
        if let Some(after) = page.after() {
            query = query.filter(invitations::id.gt(Id(after)));
        }
        query.order(invitations::id).limit(rows_to_read(&page)).load(c).await
    })?;
    let items = rows.into_iter().map(Invitation::try_from);
    Ok(page_of(
        items.collect::<Result<_, _>>()?,
        &page,
        |invitation| invitation.id,
    ))
}

async fn insert(session: &mut Session, invitation: &Invitation) -> Result<(), StoreError> {
    let row = InvitationRow::from(invitation);
    on_session!(session, c => diesel::update(invitations::table)
        .filter(invitations::team_id.eq(row.team_id))
        .filter(invitations::email.eq(&row.email))
        .filter(invitations::accepted_at.is_null())
        .filter(invitations::revoked_at.is_null())
        .set(invitations::revoked_at.eq(row.created_at))
        .execute(c)
        .await)?;
    on_session!(session, c => diesel::insert_into(invitations::table)
        .values(&row)
        .execute(c)
        .await)?;
    Ok(())
}

/// The team is locked shared: who deletes it waits until the invitation is used.
async fn find_open(
    session: &mut Session,
    hashes: &[TokenHash],
    now: Timestamp,
) -> Result<Option<Invitation>, StoreError> {
    let is_one = hash_among(invitations::mac, invitations::pepper_id, hashes);
    let row: Option<InvitationRow> = on_session!(session, c => ForUpdate(
            invitations::table
                .filter(is_one)
                .filter(invitations::accepted_at.is_null())
                .filter(invitations::revoked_at.is_null())
                .filter(invitations::expires_at.gt(Moment(now)))
                .select(InvitationRow::as_select()),
        )
        .get_result(c)
        .await
        .optional())?;
    let Some(row) = row else {
        return Ok(None);
    };
    let living_team: Option<Id<TeamId>> = on_session!(session, c => ForShare(
            teams::table
                .find(row.team_id)
                .filter(teams::deleted_at.is_null())
                .select(teams::id),
        )
        .get_result(c)
        .await
        .optional())?;
    living_team.map(|_| row.try_into()).transpose()
}

#[async_trait]
impl InvitationStore for Session {
    async fn insert_invitation(&mut self, invitation: &Invitation) -> Result<(), StoreError> {
        insert(self, invitation).await
    }

    async fn find_open_invitation(
        &mut self,
        hashes: &[TokenHash],
        now: Timestamp,
    ) -> Result<Option<Invitation>, StoreError> {
        find_open(self, hashes, now).await
    }

    async fn accept_invitation(
        &mut self,
        invitation: InvitationId,
        user: UserId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let accepted = on_session!(self, c => diesel::update(invitations::table.find(Id(invitation)))
            .filter(invitations::accepted_at.is_null())
            .filter(invitations::revoked_at.is_null())
            .set((
                invitations::accepted_at.eq(Moment(at)),
                invitations::accepted_by.eq(Id(user)),
            ))
            .execute(c)
            .await)?;
        Ok(accepted == 1)
    }

    async fn revoke_invitation(
        &mut self,
        team: TeamId,
        invitation: InvitationId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let revoked = on_session!(self, c => diesel::update(invitations::table.find(Id(invitation)))
            .filter(invitations::team_id.eq(Id(team)))
            .filter(invitations::accepted_at.is_null())
            .filter(invitations::revoked_at.is_null())
            .set(invitations::revoked_at.eq(Moment(at)))
            .execute(c)
            .await)?;
        Ok(revoked == 1)
    }

    async fn count_open_invitations(
        &mut self,
        team: TeamId,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        on_session!(self, c => invitations::table
            .filter(invitations::team_id.eq(Id(team)))
            .filter(invitations::accepted_at.is_null())
            .filter(invitations::revoked_at.is_null())
            .filter(invitations::expires_at.gt(Moment(now)))
            .count()
            .get_result(c)
            .await)
    }

    async fn is_invited(
        &mut self,
        email: &EmailAddress,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let count: i64 = on_session!(self, c => invitations::table
            .inner_join(teams::table.on(teams::id.eq(invitations::team_id)))
            .filter(invitations::email.eq(email.as_str()))
            .filter(invitations::accepted_at.is_null())
            .filter(invitations::revoked_at.is_null())
            .filter(invitations::expires_at.gt(Moment(now)))
            .filter(teams::deleted_at.is_null())
            .count()
            .get_result(c)
            .await)?;
        Ok(count > 0)
    }
}
