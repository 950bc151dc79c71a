//! Browser sessions of people.

use crate::paging::{page_of, rows_to_read};
use crate::schema::user_sessions;
use crate::session::{Session, on_session};
use crate::sql::{Id, Moment, database_now};
use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::{UserId, UserSessionId};
use domain::page::{Page, PageRequest};
use domain::people::{TokenHash, UserSession};
use domain::ports::{StoreError, UserSessionStore};
use jiff::Timestamp;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = user_sessions, treat_none_as_default_value = false)]
pub(crate) struct UserSessionRow {
    id: Id<UserSessionId>,
    user_id: Id<UserId>,
    pepper_id: String,
    mac: Vec<u8>,
    created_at: Moment,
    authenticated_at: Moment,
    last_used_at: Moment,
    expires_at: Moment,
    ended_at: Option<Moment>,
    client_address: Option<String>,
    user_agent: Option<String>,
}

impl From<&UserSession> for UserSessionRow {
    fn from(session: &UserSession) -> Self {
        Self {
            id: Id(session.id),
            user_id: Id(session.user_id),
            pepper_id: session.hash.pepper_id.clone(),
            mac: session.hash.mac.clone(),
            created_at: Moment(session.created_at),
            authenticated_at: Moment(session.authenticated_at),
            last_used_at: Moment(session.last_used_at),
            expires_at: Moment(session.expires_at),
            ended_at: session.ended_at.map(Moment),
            client_address: session.client_address.clone(),
            user_agent: session.user_agent.clone(),
        }
    }
}

impl From<UserSessionRow> for UserSession {
    fn from(row: UserSessionRow) -> Self {
        Self {
            id: row.id.0,
            user_id: row.user_id.0,
            hash: TokenHash {
                pepper_id: row.pepper_id,
                mac: row.mac,
            },
            created_at: row.created_at.0,
            authenticated_at: row.authenticated_at.0,
            last_used_at: row.last_used_at.0,
            expires_at: row.expires_at.0,
            ended_at: row.ended_at.map(|moment| moment.0),
            client_address: row.client_address,
            user_agent: row.user_agent,
        }
    }
}

/// Sessions that were not ended, newest first.
pub(crate) async fn list(
    session: &mut Session,
    user: UserId,
    page: PageRequest<UserSessionId>,
) -> Result<Page<UserSession, UserSessionId>, StoreError> {
    let rows: Vec<UserSessionRow> = on_session!(session, c => {
        let mut query = user_sessions::table
            .filter(user_sessions::user_id.eq(Id(user)))
            .filter(user_sessions::ended_at.is_null())
            .filter(user_sessions::expires_at.gt(database_now()))
            .select(UserSessionRow::as_select())
            .into_boxed();
        if let Some(after) = page.after() {
            query = query.filter(user_sessions::id.lt(Id(after)));
        }
        query.order(user_sessions::id.desc()).limit(rows_to_read(&page)).load(c).await
    })?;
    let items = rows.into_iter().map(UserSession::from).collect();
    Ok(page_of(items, &page, |session: &UserSession| session.id))
}

#[async_trait]
impl UserSessionStore for Session {
    async fn insert_user_session(&mut self, session: &UserSession) -> Result<(), StoreError> {
        let row = UserSessionRow::from(session);
        on_session!(self, c => diesel::insert_into(user_sessions::table)
            .values(&row)
            .execute(c)
            .await)?;
        Ok(())
    }

    async fn rotate_user_session(
        &mut self,
        session: UserSessionId,
        hash: &TokenHash,
        authenticated_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let changes = (
            user_sessions::pepper_id.eq(&hash.pepper_id),
            user_sessions::mac.eq(&hash.mac),
            user_sessions::authenticated_at.eq(Moment(authenticated_at)),
        );
        let updated = on_session!(self, c => diesel::update(user_sessions::table.find(Id(session)))
            .filter(user_sessions::ended_at.is_null())
            .set(changes)
            .execute(c)
            .await)?;
        Ok(updated == 1)
    }

    async fn note_user_session_use(
        &mut self,
        session: UserSessionId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        on_session!(self, c => diesel::update(user_sessions::table.find(Id(session)))
            .filter(user_sessions::last_used_at.lt(Moment(at)))
            .set(user_sessions::last_used_at.eq(Moment(at)))
            .execute(c)
            .await)?;
        Ok(())
    }

    async fn end_user_session(
        &mut self,
        user: UserId,
        session: UserSessionId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let ended = on_session!(self, c => diesel::update(user_sessions::table.find(Id(session)))
            .filter(user_sessions::user_id.eq(Id(user)))
            .filter(user_sessions::ended_at.is_null())
            .set(user_sessions::ended_at.eq(Moment(at)))
            .execute(c)
            .await)?;
        Ok(ended == 1)
    }

    async fn end_user_sessions(
        &mut self,
        user: UserId,
        but: Option<UserSessionId>,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        let ended = on_session!(self, c => {
            let mut query = diesel::update(user_sessions::table)
                .filter(user_sessions::user_id.eq(Id(user)))
                .filter(user_sessions::ended_at.is_null())
                .set(user_sessions::ended_at.eq(Moment(at)))
                .into_boxed();
            if let Some(but) = but {
                query = query.filter(user_sessions::id.ne(Id(but)));
            }
            query.execute(c).await
        })?;
        Ok(ended as u64)
    }
}
