//! Rights: a credential, its person, and their place in a team, by one joined statement. The same
//! statement reads for requests and locks for transactions; `locked_rows` says how.

mod locked_rows;

use super::api_tokens::ApiTokenRow;
use super::roles::RoleRow;
use super::teams::TeamRow;
use super::user_sessions::UserSessionRow;
use super::users::UserRow;
use crate::schema::{api_tokens, memberships, roles, teams, user_sessions, users};
use crate::session::{Session, on_session};
use crate::sql::{Id, hash_among};
use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::access::{AccessRecord, AccessSubject, CredentialRecord, Role};
use domain::ids::{ApiTokenId, RoleId, TeamId, UserId, UserSessionId};
use domain::people::TokenHash;
use domain::ports::{AccessStore, StoreError};
use locked_rows::SharedRows;

/// The person's place in a team, as it is joined to what is known about the person.
#[derive(Queryable)]
struct PlaceRow {
    team: Option<TeamRow>,
    role_id: Option<Id<RoleId>>,
    role: Option<RoleRow>,
}

impl PlaceRow {
    /// Whether the role was made after the statement began, and given to the person while it waited
    /// for their row.
    fn is_newer_than_statement(&self) -> bool {
        self.role_id.is_some() && self.role.is_none()
    }
}

/// Joins the person's place in a living team, if there is one, and selects both after the credential.
macro_rules! with_place {
    ($people:expr, $team:expr, $($credential:expr)?) => {
        $people
            .left_join(teams::table.on(teams::id.nullable().eq($team).and(teams::deleted_at.is_null())))
            .left_join(memberships::table.on(
                memberships::team_id.eq(teams::id).and(memberships::user_id.eq(users::id)),
            ))
            .left_join(roles::table.on(roles::id.eq(memberships::role_id)))
            .select((
                $($credential,)?
                UserRow::as_select(),
                (
                    Option::<TeamRow>::as_select(),
                    memberships::role_id.nullable(),
                    Option::<RoleRow>::as_select(),
                ),
            ))
    };
}

macro_rules! by_session {
    ($team:expr) => {
        with_place!(
            user_sessions::table.inner_join(users::table.on(users::id.eq(user_sessions::user_id))),
            $team.map(Id),
            UserSessionRow::as_select()
        )
    };
}

macro_rules! by_token {
    () => {
        with_place!(
            api_tokens::table
                .inner_join(users::table.on(users::id.nullable().eq(api_tokens::user_id))),
            api_tokens::team_id.nullable(),
            ApiTokenRow::as_select()
        )
    };
}

fn record(
    credential: CredentialRecord,
    user: UserRow,
    place: PlaceRow,
) -> Result<AccessRecord, StoreError> {
    let role = place.role.map(Role::try_from).transpose()?;
    Ok(AccessRecord {
        credential,
        user: user.try_into()?,
        team: place.team.map(|team| team.access(role)),
    })
}

/// The session with one of the hashes.
pub(crate) async fn find_by_session(
    session: &mut Session,
    hashes: &[TokenHash],
    team: Option<TeamId>,
) -> Result<Option<AccessRecord>, StoreError> {
    let is_one = hash_among(user_sessions::mac, user_sessions::pepper_id, hashes);
    let row: Option<(UserSessionRow, UserRow, PlaceRow)> = on_session!(session, c => by_session!(team)
        .filter(is_one)
        .first(c)
        .await
        .optional())?;
    row.map(|(found, user, place)| record(CredentialRecord::Session(found.into()), user, place))
        .transpose()
}

/// The token with one of the hashes.
pub(crate) async fn find_by_token(
    session: &mut Session,
    hashes: &[TokenHash],
) -> Result<Option<AccessRecord>, StoreError> {
    let is_one = hash_among(api_tokens::mac, api_tokens::pepper_id, hashes);
    let row: Option<(ApiTokenRow, UserRow, PlaceRow)> = on_session!(session, c => by_token!()
        .filter(is_one)
        .first(c)
        .await
        .optional())?;
    row.map(|(found, user, place)| record(CredentialRecord::Token(found.try_into()?), user, place))
        .transpose()
}

type Locked = Option<(CredentialRecord, UserRow, PlaceRow)>;

async fn lock_session(
    session: &mut Session,
    id: UserSessionId,
    team: Option<TeamId>,
) -> Result<Locked, StoreError> {
    let row: Option<(UserSessionRow, UserRow, PlaceRow)> = on_session!(session, c => SharedRows::new(
            AccessSubject::Session(id),
            team,
            by_session!(team).filter(user_sessions::id.eq(Id(id))),
        )
        .get_result(c)
        .await
        .optional())?;
    Ok(row.map(|(found, user, place)| (CredentialRecord::Session(found.into()), user, place)))
}

async fn lock_token(session: &mut Session, id: ApiTokenId) -> Result<Locked, StoreError> {
    let row: Option<(ApiTokenRow, UserRow, PlaceRow)> = on_session!(session, c => SharedRows::new(
            AccessSubject::Token(id),
            None,
            by_token!().filter(api_tokens::id.eq(Id(id))),
        )
        .get_result(c)
        .await
        .optional())?;
    row.map(|(found, user, place)| Ok((CredentialRecord::Token(found.try_into()?), user, place)))
        .transpose()
}

async fn lock_person(
    session: &mut Session,
    id: UserId,
    team: Option<TeamId>,
) -> Result<Locked, StoreError> {
    let row: Option<(UserRow, PlaceRow)> = on_session!(session, c => SharedRows::new(
            AccessSubject::User(id),
            team,
            with_place!(users::table, team.map(Id),).filter(users::id.eq(Id(id))),
        )
        .get_result(c)
        .await
        .optional())?;
    Ok(row.map(|(user, place)| (CredentialRecord::Person, user, place)))
}

async fn lock(
    session: &mut Session,
    subject: AccessSubject,
    team: Option<TeamId>,
) -> Result<Locked, StoreError> {
    match subject {
        AccessSubject::Session(id) => lock_session(session, id, team).await,
        AccessSubject::Token(id) => lock_token(session, id).await,
        AccessSubject::User(id) => lock_person(session, id, team).await,
    }
}

#[async_trait]
impl AccessStore for Session {
    async fn lock_access(
        &mut self,
        subject: AccessSubject,
        team: Option<TeamId>,
    ) -> Result<Option<AccessRecord>, StoreError> {
        let mut locked = lock(self, subject, team).await?;
        if locked
            .as_ref()
            .is_some_and(|(_, _, place)| place.is_newer_than_statement())
        {
            // The membership cannot change any more, and its role is there for a new statement.
            locked = lock(self, subject, team).await?;
        }
        locked
            .map(|(credential, user, place)| record(credential, user, place))
            .transpose()
    }
}
