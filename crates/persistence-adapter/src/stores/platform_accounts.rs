//! Platform accounts. Their sessions are in `platform_sessions`.

use super::{platform_sessions, syncs};
use crate::failure::{inconsistent, parse_column};
use crate::schema::platform_accounts;
use crate::session::{Session, on_session};
use crate::sql::{Id, Moment};
use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::{PlatformAccountId, ProcessId, TeamId};
use domain::names::PlatformName;
use domain::platform_account::{
    CredentialKind, DeletionConfirmation, PlatformAccount, PlatformAccountState, PlatformUid,
    StoredSession,
};
use domain::ports::{PlatformAccountStore, SessionRenewal, StoreError};
use domain::sealed::SealedSecret;
use domain::team_event::{TeamEventSubject, TeamEventType};
use std::time::Duration;

const TABLE: &str = "platform_accounts";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = platform_accounts, treat_none_as_default_value = false)]
struct PlatformAccountRow {
    id: Id<PlatformAccountId>,
    team_id: Id<TeamId>,
    platform: String,
    credential_kind: String,
    sealed_credential: Vec<u8>,
    sealed_confirmation: Option<Vec<u8>>,
    credential_version: i64,
    state: String,
    platform_uid: i64,
    deletion: String,
    checked_at: Moment,
    created_at: Moment,
    version: i64,
    uid_since: Option<Moment>,
}

impl From<&PlatformAccount> for PlatformAccountRow {
    fn from(account: &PlatformAccount) -> Self {
        Self {
            id: Id(account.id),
            team_id: Id(account.team_id),
            platform: account.platform.as_str().to_owned(),
            credential_kind: account.credential_kind.as_str().to_owned(),
            sealed_credential: account.sealed_credential.0.clone(),
            sealed_confirmation: account
                .sealed_confirmation
                .as_ref()
                .map(|sealed| sealed.0.clone()),
            credential_version: account.credential_version,
            state: account.state.as_str().to_owned(),
            platform_uid: account.platform_uid.0,
            deletion: account.deletion.as_str().to_owned(),
            checked_at: Moment(account.checked_at),
            created_at: Moment(account.created_at),
            version: account.version,
            uid_since: Some(Moment(account.uid_since)),
        }
    }
}

impl TryFrom<PlatformAccountRow> for PlatformAccount {
    type Error = StoreError;

    fn try_from(row: PlatformAccountRow) -> Result<Self, StoreError> {
        let platform = PlatformName::parse(&row.platform)
            .map_err(|error| inconsistent(TABLE, "platform", error))?;
        Ok(Self {
            id: row.id.0,
            team_id: row.team_id.0,
            platform,
            credential_kind: parse_column(
                TABLE,
                "credential_kind",
                &row.credential_kind,
                CredentialKind::parse,
            )?,
            sealed_credential: SealedSecret(row.sealed_credential),
            sealed_confirmation: row.sealed_confirmation.map(SealedSecret),
            credential_version: row.credential_version,
            state: parse_column(TABLE, "state", &row.state, PlatformAccountState::parse)?,
            platform_uid: PlatformUid(row.platform_uid),
            deletion: parse_column(
                TABLE,
                "deletion",
                &row.deletion,
                DeletionConfirmation::parse,
            )?,
            checked_at: row.checked_at.0,
            created_at: row.created_at.0,
            // Accounts from before this was written down have had one number only.
            uid_since: row.uid_since.map_or(row.created_at.0, |since| since.0),
            version: row.version,
        })
    }
}

/// The team's account.
pub(crate) async fn find_platform_account(
    session: &mut Session,
    team: TeamId,
) -> Result<Option<PlatformAccount>, StoreError> {
    let row: Option<PlatformAccountRow> = on_session!(session, c => platform_accounts::table
        .filter(platform_accounts::team_id.eq(Id(team)))
        .select(PlatformAccountRow::as_select())
        .first(c)
        .await
        .optional())?;
    row.map(PlatformAccount::try_from).transpose()
}

async fn insert_account(
    session: &mut Session,
    account: &PlatformAccount,
) -> Result<(), StoreError> {
    let row = PlatformAccountRow::from(account);
    on_session!(session, c => diesel::insert_into(platform_accounts::table)
        .values(&row)
        .execute(c)
        .await)?;
    tell(
        session,
        TeamEventType::PlatformAccountConnected,
        account.team_id,
        account.id,
    );
    platform_sessions::insert_empty(session, account.id, account.credential_version).await?;
    syncs::schedule_first(session, account.team_id).await
}

async fn update_account(
    session: &mut Session,
    account: &PlatformAccount,
) -> Result<(), StoreError> {
    let row = PlatformAccountRow::from(account);
    let changes = (
        platform_accounts::platform.eq(row.platform),
        platform_accounts::credential_kind.eq(row.credential_kind),
        platform_accounts::sealed_credential.eq(row.sealed_credential),
        platform_accounts::sealed_confirmation.eq(row.sealed_confirmation),
        platform_accounts::credential_version.eq(row.credential_version),
        platform_accounts::state.eq(row.state),
        platform_accounts::platform_uid.eq(row.platform_uid),
        platform_accounts::uid_since.eq(row.uid_since),
        platform_accounts::deletion.eq(row.deletion),
        platform_accounts::checked_at.eq(row.checked_at),
        platform_accounts::version.eq(platform_accounts::version + 1),
    );
    let updated = on_session!(session, c => diesel::update(platform_accounts::table)
        .filter(platform_accounts::team_id.eq(Id(account.team_id)))
        .filter(platform_accounts::id.eq(Id(account.id)))
        .filter(platform_accounts::version.eq(account.version))
        .set(changes)
        .execute(c)
        .await)?;
    if updated == 0 {
        return Err(StoreError::VersionChanged);
    }
    let event_type = match account.state {
        PlatformAccountState::Connected => TeamEventType::PlatformAccountConnected,
        PlatformAccountState::NeedsReauthentication => {
            TeamEventType::PlatformAccountNeedsReauthentication
        }
        PlatformAccountState::Disconnected => TeamEventType::PlatformAccountDisconnected,
    };
    tell(session, event_type, account.team_id, account.id);
    platform_sessions::drop_of_older_credential(session, account.id, account.credential_version)
        .await?;
    // Whoever stands behind the account now may see something else there.
    syncs::schedule_first(session, account.team_id).await
}

/// Destroys the team's credential and session; what was built through the account keeps pointing to it.
pub(super) async fn destroy_credential(
    session: &mut Session,
    team: TeamId,
) -> Result<(), StoreError> {
    let row: Option<(Id<PlatformAccountId>, i64)> = on_session!(session, c => diesel::update(platform_accounts::table)
        .filter(platform_accounts::team_id.eq(Id(team)))
        .set((
            platform_accounts::sealed_credential.eq(Vec::new()),
            platform_accounts::sealed_confirmation.eq(None::<Vec<u8>>),
            platform_accounts::state.eq(PlatformAccountState::Disconnected.as_str()),
            platform_accounts::credential_version.eq(platform_accounts::credential_version + 1),
            platform_accounts::version.eq(platform_accounts::version + 1),
        ))
        .returning((platform_accounts::id, platform_accounts::credential_version))
        .get_result(c)
        .await
        .optional())?;
    match row {
        Some((account, credential_version)) => {
            tell(
                session,
                TeamEventType::PlatformAccountDisconnected,
                team,
                account.0,
            );
            platform_sessions::drop_of_older_credential(session, account.0, credential_version)
                .await
        }
        None => Ok(()),
    }
}

async fn mark_account(
    session: &mut Session,
    account: PlatformAccountId,
    credential_version: i64,
) -> Result<(), StoreError> {
    let state = PlatformAccountState::NeedsReauthentication.as_str();
    let team: Option<Id<TeamId>> = on_session!(session, c => diesel::update(platform_accounts::table)
        .filter(platform_accounts::id.eq(Id(account)))
        .filter(platform_accounts::credential_version.eq(credential_version))
        .filter(platform_accounts::state.eq(PlatformAccountState::Connected.as_str()))
        .set((
            platform_accounts::state.eq(state),
            platform_accounts::version.eq(platform_accounts::version + 1),
        ))
        .returning(platform_accounts::team_id)
        .get_result(c)
        .await
        .optional())?;
    if let Some(team) = team {
        let event_type = TeamEventType::PlatformAccountNeedsReauthentication;
        tell(session, event_type, team.0, account);
    }
    Ok(())
}

fn tell(
    session: &mut Session,
    event_type: TeamEventType,
    team: TeamId,
    platform_account_id: PlatformAccountId,
) {
    let subject = TeamEventSubject::PlatformAccount {
        platform_account_id,
    };
    session.tell(team, event_type, subject);
}

#[async_trait]
impl PlatformAccountStore for Session {
    async fn find_platform_account(
        &mut self,
        team: TeamId,
    ) -> Result<Option<PlatformAccount>, StoreError> {
        find_platform_account(self, team).await
    }

    async fn insert_platform_account(
        &mut self,
        account: &PlatformAccount,
    ) -> Result<(), StoreError> {
        insert_account(self, account).await
    }

    async fn update_platform_account(
        &mut self,
        account: &PlatformAccount,
    ) -> Result<(), StoreError> {
        update_account(self, account).await
    }

    async fn find_session(
        &mut self,
        account: PlatformAccountId,
    ) -> Result<Option<StoredSession>, StoreError> {
        platform_sessions::find(self, account).await
    }

    async fn begin_session_renewal(
        &mut self,
        account: PlatformAccountId,
        refused_generation: i64,
        process: ProcessId,
        lease: Duration,
    ) -> Result<SessionRenewal, StoreError> {
        platform_sessions::begin_renewal(self, account, refused_generation, process, lease).await
    }

    async fn store_session(
        &mut self,
        account: PlatformAccountId,
        credential_version: i64,
        expected_generation: i64,
        key: &SealedSecret,
    ) -> Result<bool, StoreError> {
        platform_sessions::store(self, account, credential_version, expected_generation, key).await
    }

    async fn abandon_session_renewal(
        &mut self,
        account: PlatformAccountId,
        process: ProcessId,
    ) -> Result<(), StoreError> {
        platform_sessions::abandon_renewal(self, account, process).await
    }

    async fn mark_needs_reauthentication(
        &mut self,
        account: PlatformAccountId,
        credential_version: i64,
    ) -> Result<(), StoreError> {
        mark_account(self, account, credential_version).await
    }
}
