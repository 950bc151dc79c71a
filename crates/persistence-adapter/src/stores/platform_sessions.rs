//! Sessions of platform accounts, and who may renew one. Generations only ever rise, so an old
//! refusal can never hit a newer session.

use crate::failure::inconsistent;
use crate::schema::{platform_accounts, platform_sessions, team_keys};
use crate::session::{Session, on_session};
use crate::sql::{Id, Moment, database_now, database_now_plus};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::{PlatformAccountId, ProcessId, TeamId};
use domain::platform_account::StoredSession;
use domain::ports::{SessionRenewal, StoreError};
use domain::sealed::{SealedSecret, WrappedKey};
use std::time::Duration;

#[derive(Queryable, Selectable)]
#[diesel(table_name = platform_sessions)]
struct SessionRow {
    account_id: Id<PlatformAccountId>,
    credential_version: i64,
    generation: i64,
    sealed_key: Option<Vec<u8>>,
}

impl From<SessionRow> for StoredSession {
    fn from(row: SessionRow) -> Self {
        Self {
            account_id: row.account_id.0,
            credential_version: row.credential_version,
            generation: row.generation,
            sealed_key: row.sealed_key.map(SealedSecret),
        }
    }
}

pub(super) async fn insert_empty(
    session: &mut Session,
    account: PlatformAccountId,
    credential_version: i64,
) -> Result<(), StoreError> {
    let row = (
        platform_sessions::account_id.eq(Id(account)),
        platform_sessions::credential_version.eq(credential_version),
        platform_sessions::generation.eq(0),
    );
    on_session!(session, c => diesel::insert_into(platform_sessions::table)
        .values(row)
        .execute(c)
        .await)?;
    Ok(())
}

/// Forgets the session of a credential that was replaced, and ends a renewal with it.
pub(super) async fn drop_of_older_credential(
    session: &mut Session,
    account: PlatformAccountId,
    credential_version: i64,
) -> Result<(), StoreError> {
    let changes = (
        platform_sessions::credential_version.eq(credential_version),
        platform_sessions::generation.eq(platform_sessions::generation + 1),
        platform_sessions::sealed_key.eq(None::<Vec<u8>>),
        platform_sessions::renewal_owner.eq(None::<Id<ProcessId>>),
        platform_sessions::renewal_lease_until.eq(None::<Moment>),
    );
    on_session!(session, c => diesel::update(platform_sessions::table)
        .filter(platform_sessions::account_id.eq(Id(account)))
        .filter(platform_sessions::credential_version.ne(credential_version))
        .set(changes)
        .execute(c)
        .await)?;
    Ok(())
}

pub(super) async fn find(
    session: &mut Session,
    account: PlatformAccountId,
) -> Result<Option<StoredSession>, StoreError> {
    let row: Option<SessionRow> = on_session!(session, c => platform_sessions::table
        .find(Id(account))
        .select(SessionRow::as_select())
        .first(c)
        .await
        .optional())?;
    Ok(row.map(StoredSession::from))
}

/// The session and the key of the account's team.
pub(crate) async fn find_with_team_key(
    session: &mut Session,
    team: TeamId,
    account: PlatformAccountId,
) -> Result<Option<(StoredSession, WrappedKey)>, StoreError> {
    let row: Option<(SessionRow, Vec<u8>)> = on_session!(session, c => platform_sessions::table
        .inner_join(platform_accounts::table.on(
            platform_accounts::id.eq(platform_sessions::account_id),
        ))
        .inner_join(team_keys::table.on(team_keys::team_id.eq(platform_accounts::team_id)))
        .filter(platform_accounts::team_id.eq(Id(team)))
        .filter(platform_accounts::id.eq(Id(account)))
        .select((SessionRow::as_select(), team_keys::wrapped_key))
        .first(c)
        .await
        .optional())?;
    Ok(row.map(|(row, key)| (row.into(), WrappedKey(key))))
}

pub(super) async fn begin_renewal(
    session: &mut Session,
    account: PlatformAccountId,
    refused_generation: i64,
    process: ProcessId,
    lease: Duration,
) -> Result<SessionRenewal, StoreError> {
    let nobody_renews = platform_sessions::renewal_lease_until
        .is_null()
        .or(platform_sessions::renewal_lease_until.le(database_now().nullable()));
    let changes = (
        platform_sessions::renewal_owner.eq(Id(process)),
        platform_sessions::renewal_lease_until.eq(database_now_plus(lease).nullable()),
    );
    let won: Option<SessionRow> = on_session!(session, c => diesel::update(platform_sessions::table)
        .filter(platform_sessions::account_id.eq(Id(account)))
        .filter(platform_sessions::generation.eq(refused_generation))
        .filter(nobody_renews)
        .set(changes)
        .returning(SessionRow::as_returning())
        .get_result(c)
        .await
        .optional())?;
    if let Some(row) = won {
        return Ok(SessionRenewal::Yours {
            current: row.into(),
        });
    }
    let stored = find(session, account).await?.ok_or_else(|| {
        inconsistent(
            "platform_sessions",
            "account_id",
            "the account has no session row",
        )
    })?;
    Ok(if stored.generation > refused_generation {
        SessionRenewal::Newer(stored)
    } else {
        SessionRenewal::InProgress
    })
}

pub(super) async fn store(
    session: &mut Session,
    account: PlatformAccountId,
    credential_version: i64,
    expected_generation: i64,
    key: &SealedSecret,
) -> Result<bool, StoreError> {
    let changes = (
        platform_sessions::generation.eq(expected_generation + 1),
        platform_sessions::sealed_key.eq(&key.0),
        platform_sessions::renewal_owner.eq(None::<Id<ProcessId>>),
        platform_sessions::renewal_lease_until.eq(None::<Moment>),
    );
    let updated = on_session!(session, c => diesel::update(platform_sessions::table)
        .filter(platform_sessions::account_id.eq(Id(account)))
        .filter(platform_sessions::credential_version.eq(credential_version))
        .filter(platform_sessions::generation.eq(expected_generation))
        .set(changes)
        .execute(c)
        .await)?;
    Ok(updated == 1)
}

pub(super) async fn abandon_renewal(
    session: &mut Session,
    account: PlatformAccountId,
    process: ProcessId,
) -> Result<(), StoreError> {
    let changes = (
        platform_sessions::renewal_owner.eq(None::<Id<ProcessId>>),
        platform_sessions::renewal_lease_until.eq(None::<Moment>),
    );
    on_session!(session, c => diesel::update(platform_sessions::table)
        .filter(platform_sessions::account_id.eq(Id(account)))
        .filter(platform_sessions::renewal_owner.eq(Id(process)))
        .set(changes)
        .execute(c)
        .await)?;
    Ok(())
}
