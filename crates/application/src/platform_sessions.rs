//! Sessions of the platform, stored sealed, renewed once for all tasks and processes.
//!
//! The row of the session is the authority: its generation orders renewals, a lease in it lets one
//! process sign in while the others wait for the generation to move.

use crate::CredentialCustody;
use async_trait::async_trait;
use domain::ids::ProcessId;
use domain::planted::{self, Fault};
use domain::platform_account::{
    CredentialKind, PlatformAccount, PlatformAccountRef, PlatformAccountState, StoredSession,
};
use domain::ports::{
    BoxedSource, Clock, Observation, Observer, PlatformSession, PlatformSessions, PlatformSignIn,
    ReadModel, RenewalOutcome, SessionError, SessionRenewal, SignInError, UnitOfWork,
    WritePriority,
};
use domain::sealed::WrappedKey;
use std::sync::Arc;
use std::time::Duration;

#[cfg(test)]
mod tests;

/// How long one process may take to sign in before another tries.
const RENEWAL_LEASE: Duration = Duration::from_secs(20);
/// How often the others look whether it is done.
const RENEWAL_POLL: Duration = Duration::from_millis(100);
/// How long they look.
const RENEWAL_PATIENCE: Duration = Duration::from_secs(30);

/// The sessions of all accounts, on the store.
#[derive(Clone)]
pub struct StoredPlatformSessions {
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// Reading the session in force.
    pub read_model: Arc<dyn ReadModel>,
    /// Sealing.
    pub custody: CredentialCustody,
    /// The platform's door.
    pub sign_in: Arc<dyn PlatformSignIn>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// This process, as the owner of a renewal.
    pub process_id: ProcessId,
    /// Who measures.
    pub observer: Arc<dyn Observer>,
}

fn unavailable(cause: impl Into<BoxedSource>) -> SessionError {
    SessionError::Unavailable(cause.into())
}

#[async_trait]
impl PlatformSessions for StoredPlatformSessions {
    async fn current(&self, account: &PlatformAccountRef) -> Result<PlatformSession, SessionError> {
        let found = self
            .read_model
            .find_session(account.team_id, account.account_id)
            .await
            .map_err(unavailable)?;
        let (session, team_key) = found.ok_or(SessionError::AccountChanged)?;
        if session.credential_version != account.credential_version {
            return Err(SessionError::AccountChanged);
        }
        if session.sealed_key.is_none() {
            return self.renew(account, session.generation).await;
        }
        self.open(account, &team_key, &session)
    }

    async fn renew(
        &self,
        account: &PlatformAccountRef,
        refused_generation: i64,
    ) -> Result<PlatformSession, SessionError> {
        let deadline = self.clock.instant().plus(RENEWAL_PATIENCE);
        loop {
            match self.ask_for_renewal(account, refused_generation).await? {
                (SessionRenewal::Newer(session), team_key, _) => {
                    return self.open(account, &team_key, &session);
                }
                (SessionRenewal::Yours { current }, team_key, stored) => {
                    let renewed = self
                        .sign_in_again(account, &team_key, &stored, &current)
                        .await;
                    self.observe(&renewed);
                    return renewed;
                }
                (SessionRenewal::InProgress, ..) => {
                    if self.clock.instant() >= deadline {
                        return Err(unavailable("another process is still signing in"));
                    }
                    self.clock.sleep(RENEWAL_POLL).await;
                }
            }
        }
    }
}

impl StoredPlatformSessions {
    /// Somebody who connected another account meanwhile says nothing about the renewal.
    fn observe(&self, renewed: &Result<PlatformSession, SessionError>) {
        let outcome = match renewed {
            Ok(_) => RenewalOutcome::Renewed,
            Err(SessionError::NeedsReauthentication) => RenewalOutcome::Refused,
            Err(SessionError::Unavailable(_)) => RenewalOutcome::Unavailable,
            Err(SessionError::AccountChanged) => return,
        };
        self.observer.observe(&Observation::SessionRenewal(outcome));
    }

    fn open(
        &self,
        account: &PlatformAccountRef,
        team_key: &WrappedKey,
        session: &StoredSession,
    ) -> Result<PlatformSession, SessionError> {
        let sealed = session
            .sealed_key
            .as_ref()
            .ok_or(SessionError::AccountChanged)?;
        let key = self
            .custody
            .open_session_key(team_key, account.account_id, account.team_id, sealed)
            .map_err(unavailable)?;
        if planted::is_on(Fault::SessionKeyLeaked) {
            std::hint::black_box(key.expose().to_owned().leak());
        }
        Ok(PlatformSession {
            key,
            generation: session.generation,
        })
    }

    async fn ask_for_renewal(
        &self,
        account: &PlatformAccountRef,
        refused_generation: i64,
    ) -> Result<(SessionRenewal, WrappedKey, PlatformAccount), SessionError> {
        let mut transaction = self
            .unit_of_work
            .begin(WritePriority::Worker)
            .await
            .map_err(unavailable)?;
        let accounts = transaction.platform_accounts();
        let stored = accounts
            .find_platform_account(account.team_id)
            .await
            .map_err(unavailable)?;
        let stored = stored
            .filter(|stored| {
                stored.id == account.account_id
                    && stored.credential_version == account.credential_version
            })
            .ok_or(SessionError::AccountChanged)?;
        match stored.state {
            PlatformAccountState::Connected => {}
            PlatformAccountState::NeedsReauthentication | PlatformAccountState::Disconnected => {
                return Err(SessionError::NeedsReauthentication);
            }
        }
        let renewal = accounts
            .begin_session_renewal(
                stored.id,
                refused_generation,
                self.process_id,
                RENEWAL_LEASE,
            )
            .await
            .map_err(unavailable)?;
        let team_key = transaction
            .teams()
            .find_team_key(account.team_id)
            .await
            .map_err(unavailable)?;
        let team_key = team_key.ok_or(SessionError::AccountChanged)?;
        transaction.commit().await.map_err(unavailable)?;
        Ok((renewal, team_key, stored))
    }

    /// Signs in and stores the result. A refused access token is not presented again: it would be
    /// refused again, and attempts are counted.
    async fn sign_in_again(
        &self,
        account: &PlatformAccountRef,
        team_key: &WrappedKey,
        stored: &PlatformAccount,
        current: &StoredSession,
    ) -> Result<PlatformSession, SessionError> {
        let was_refused = current.sealed_key.is_some();
        if was_refused && stored.credential_kind == CredentialKind::AccessToken {
            return self.give_up(account).await;
        }
        let credential = self
            .custody
            .open_credential(team_key, stored)
            .map_err(unavailable)?;
        match self.sign_in.sign_in(&account.platform, &credential).await {
            Ok(signed_in) => {
                let sealed = self
                    .custody
                    .seal_session_key(
                        team_key,
                        account.account_id,
                        account.team_id,
                        &signed_in.session_key,
                    )
                    .map_err(unavailable)?;
                let mut transaction = self
                    .unit_of_work
                    .begin(WritePriority::Worker)
                    .await
                    .map_err(unavailable)?;
                let is_stored = transaction
                    .platform_accounts()
                    .store_session(
                        account.account_id,
                        account.credential_version,
                        current.generation,
                        &sealed,
                    )
                    .await
                    .map_err(unavailable)?;
                transaction.commit().await.map_err(unavailable)?;
                if !is_stored {
                    return Err(SessionError::AccountChanged);
                }
                tracing::info!(account.id = %account.account_id, "platform session renewed");
                Ok(PlatformSession {
                    key: signed_in.session_key,
                    generation: current.generation + 1,
                })
            }
            Err(SignInError::Refused { .. } | SignInError::SecondFactor) => {
                self.give_up(account).await
            }
            Err(error) => {
                self.abandon(account).await?;
                Err(unavailable(error))
            }
        }
    }

    async fn give_up<Value>(&self, account: &PlatformAccountRef) -> Result<Value, SessionError> {
        let mut transaction = self
            .unit_of_work
            .begin(WritePriority::Worker)
            .await
            .map_err(unavailable)?;
        transaction
            .platform_accounts()
            .mark_needs_reauthentication(account.account_id, account.credential_version)
            .await
            .map_err(unavailable)?;
        transaction.commit().await.map_err(unavailable)?;
        tracing::warn!(
            account.id = %account.account_id,
            "the platform refused the credential; the owner has to connect the account again"
        );
        Err(SessionError::NeedsReauthentication)
    }

    async fn abandon(&self, account: &PlatformAccountRef) -> Result<(), SessionError> {
        let mut transaction = self
            .unit_of_work
            .begin(WritePriority::Worker)
            .await
            .map_err(unavailable)?;
        transaction
            .platform_accounts()
            .abandon_session_renewal(account.account_id, self.process_id)
            .await
            .map_err(unavailable)?;
        transaction.commit().await.map_err(unavailable)
    }
}
