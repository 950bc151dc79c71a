//! Connecting a platform account, or replacing its credential.

use crate::authorisation::{Authorised, demand};
use crate::step_up::{demand_second_factor, demand_step_up};
use crate::{CredentialCustody, UseCaseError};
use domain::SecretText;
use domain::access::{Actor, Permission};
use domain::audit::AuditEvent;
use domain::error_code::ErrorCode;
use domain::ids::TeamId;
use domain::names::PlatformName;
use domain::platform_account::{
    CredentialKind, DeletionConfirmation, PlatformAccount, PlatformAccountState, PlatformCredential,
};
use domain::ports::{
    Clock, Conflict, IdSource, PlatformSignIn, SignInError, SignedIn, StoreError, Transaction,
    UnitOfWork, new_id,
};
use domain::sealed::WrappedKey;
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// What to connect.
pub struct ConnectPlatformAccountCommand {
    /// The team.
    pub team_id: TeamId,
    /// The configured platform.
    pub platform: PlatformName,
    /// The credential; checked with the platform before anything is stored.
    pub credential: PlatformCredential,
    /// A password that confirms deletions, for accounts connected by token.
    pub confirmation_password: Option<SecretText>,
}

/// What the platform said to a credential.
pub(crate) struct CheckedCredential {
    signed_in: SignedIn,
    deletion: DeletionConfirmation,
}

/// Connects a platform account.
#[derive(Clone)]
pub struct ConnectPlatformAccount {
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// The platform's door.
    pub sign_in: Arc<dyn PlatformSignIn>,
    /// Sealing.
    pub custody: CredentialCustody,
    /// Identifiers.
    pub ids: Arc<dyn IdSource>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Whether the person must have confirmed a second factor.
    pub demands_second_factor: bool,
}

impl ConnectPlatformAccount {
    /// Demands `platform_account.manage`, a step-up and, where that is set, a second factor: whoever
    /// has the credential replaced by theirs has the team's jobs. The platform is asked first, outside
    /// of any transaction; only then everything is stored in one. The session that the check gave is
    /// kept.
    #[tracing::instrument(name = "usecase.platform_accounts.connect_platform_account", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        command: ConnectPlatformAccountCommand,
    ) -> Result<PlatformAccount, UseCaseError> {
        let authorised = demand(actor, command.team_id, Permission::PlatformAccountManage)?;
        demand_step_up(actor, &*self.clock)?;
        if self.demands_second_factor {
            demand_second_factor(actor)?;
        }
        let checked = self.check(&command).await?;
        self.store(authorised, &command, &checked).await
    }

    /// Asks the platform, outside of any transaction.
    pub(crate) async fn check(
        &self,
        command: &ConnectPlatformAccountCommand,
    ) -> Result<CheckedCredential, UseCaseError> {
        let (platform, credential) = (&command.platform, &command.credential);
        let signed_in = self.sign_in.sign_in(platform, credential).await;
        let signed_in = signed_in.map_err(refused)?;
        let has_password = credential.kind() == CredentialKind::Password
            || command.confirmation_password.is_some();
        let deletion = self
            .sign_in
            .deletion_confirmation(platform, &signed_in.session_key, has_password)
            .await
            .map_err(refused)?;
        Ok(CheckedCredential {
            signed_in,
            deletion,
        })
    }

    async fn store(
        &self,
        authorised: Authorised<'_>,
        command: &ConnectPlatformAccountCommand,
        checked: &CheckedCredential,
    ) -> Result<PlatformAccount, UseCaseError> {
        let mut transaction = authorised.begin(&*self.unit_of_work, &*self.clock).await?;
        let account = self.put(&mut *transaction, command, checked).await?;
        let event = AuditEvent::accepted(
            new_id(&*self.ids),
            authorised.actor(),
            "platform_account.connect",
            account.id.to_string(),
        );
        transaction.audit().append_audit_event(&event).await?;
        let committed = transaction.commit().await;
        committed.map_err(|error| UseCaseError::from_commit(error, "read the account"))?;
        Ok(account)
    }

    /// Writes the account with its session into the transaction and returns it as it is stored then.
    /// The caller writes the audit event and commits.
    pub(crate) async fn put(
        &self,
        transaction: &mut dyn Transaction,
        command: &ConnectPlatformAccountCommand,
        checked: &CheckedCredential,
    ) -> Result<PlatformAccount, UseCaseError> {
        let team = command.team_id;
        let team_key = transaction.teams().find_team_key(team).await?;
        let team_key = team_key.ok_or_else(UseCaseError::not_found)?;
        let accounts = transaction.platform_accounts();
        let existing = accounts.find_platform_account(team).await?;
        let account = self.account(command, checked, existing.as_ref(), &team_key)?;
        let id = account.id;
        if existing.is_some() {
            accounts.update_platform_account(&account).await?;
        } else {
            accounts
                .insert_platform_account(&account)
                .await
                .map_err(raced)?;
        }
        let session = accounts.find_session(id).await?;
        let generation = session.map_or(0, |session| session.generation);
        let session_key = &checked.signed_in.session_key;
        let sealed_key = self
            .custody
            .seal_session_key(&team_key, id, team, session_key)?;
        accounts
            .store_session(id, account.credential_version, generation, &sealed_key)
            .await?;
        let version = account.version + i64::from(existing.is_some());
        Ok(PlatformAccount { version, ..account })
    }
}

impl ConnectPlatformAccount {
    /// The account as it will be stored, its secrets sealed.
    fn account(
        &self,
        command: &ConnectPlatformAccountCommand,
        checked: &CheckedCredential,
        existing: Option<&PlatformAccount>,
        team_key: &WrappedKey,
    ) -> Result<PlatformAccount, UseCaseError> {
        let now = self.clock.now();
        let team = command.team_id;
        let id = existing.map_or_else(|| new_id(&*self.ids), |account| account.id);
        let sealed_confirmation = match &command.confirmation_password {
            Some(text) => Some(self.custody.seal_confirmation(team_key, id, team, text)?),
            None => None,
        };
        let credential = &command.credential;
        Ok(PlatformAccount {
            id,
            team_id: team,
            platform: command.platform.clone(),
            credential_kind: credential.kind(),
            sealed_credential: self
                .custody
                .seal_credential(team_key, id, team, credential)?,
            sealed_confirmation,
            credential_version: existing.map_or(1, |old| old.credential_version + 1),
            state: PlatformAccountState::Connected,
            platform_uid: checked.signed_in.uid,
            uid_since: existing.map_or(now, |old| old.uid_since(checked.signed_in.uid, now)),
            deletion: checked.deletion,
            checked_at: now,
            created_at: existing.map_or(now, |old| old.created_at),
            version: existing.map_or(1, |old| old.version),
        })
    }
}

fn raced(error: StoreError) -> UseCaseError {
    match error {
        StoreError::Conflict(Conflict::PlatformAccount) => UseCaseError::new(
            ErrorCode::TemporarilyUnavailable,
            "another request connected an account at the same time; try again",
        ),
        other => other.into(),
    }
}

fn refused(error: SignInError) -> UseCaseError {
    match &error {
        SignInError::Refused { .. } => UseCaseError::new(
            ErrorCode::PlatformCredentialRefused,
            "the platform refused the credential",
        )
        .at("/credential"),
        SignInError::SecondFactor => UseCaseError::new(
            ErrorCode::PlatformCredentialRefused,
            "the account wants a second factor; connect it with a personal access token",
        )
        .at("/credential"),
        SignInError::UnknownPlatform => UseCaseError::new(
            ErrorCode::ValidationFailed,
            "no platform of that name is configured",
        )
        .at("/platform"),
        SignInError::Unavailable(_) => UseCaseError::new(
            ErrorCode::PlatformUnavailable,
            "the platform does not answer; nothing was stored",
        ),
    }
    .caused_by(error)
}
