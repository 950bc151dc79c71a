//! Trying the credential in custody.

use crate::authorisation::{Authorised, demand};
use crate::{CredentialCustody, UseCaseError};
use domain::SecretText;
use domain::access::{Actor, Permission};
use domain::audit::{AuditEvent, AuditOutcome};
use domain::error_code::ErrorCode;
use domain::ids::TeamId;
use domain::limits;
use domain::platform_account::{
    CredentialKind, DeletionConfirmation, PlatformAccount, PlatformAccountState,
    PlatformCredential, PlatformUid,
};
use domain::ports::{
    Clock, CommitError, IdSource, PlatformSignIn, SignInError, UnitOfWork, new_id,
};
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Signs in with the stored credential.
#[derive(Clone)]
pub struct VerifyPlatformAccount {
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// The platform's door.
    pub sign_in: Arc<dyn PlatformSignIn>,
    /// Opens the credential.
    pub custody: CredentialCustody,
    /// Identifiers.
    pub ids: Arc<dyn IdSource>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

/// What the platform said.
#[derive(Clone, Copy)]
enum Verdict {
    Works {
        uid: PlatformUid,
        deletion: DeletionConfirmation,
    },
    Refused,
}

impl VerifyPlatformAccount {
    /// Demands `platform_account.manage`. Signs in anew, outside of any transaction, and stores what
    /// came of it; a refused credential is a state of the account and no failure of the request. At
    /// most once in [`limits::CREDENTIAL_CHECK_INTERVAL`] for each account. When the credential was
    /// replaced or taken back meanwhile, the account is answered as it is then.
    #[tracing::instrument(name = "usecase.platform_accounts.verify_platform_account", skip_all)]
    pub async fn run(&self, actor: &Actor, team: TeamId) -> Result<PlatformAccount, UseCaseError> {
        let authorised = demand(actor, team, Permission::PlatformAccountManage)?;
        let (account, credential) = self.take(authorised, team).await?;
        let verdict = self.ask(&account, &credential).await?;
        self.store(authorised, &account, verdict).await
    }

    /// Takes the credential out, and counts that.
    async fn take(
        &self,
        authorised: Authorised<'_>,
        team: TeamId,
    ) -> Result<(PlatformAccount, PlatformCredential), UseCaseError> {
        let mut transaction = authorised.begin(&*self.unit_of_work, &*self.clock).await?;
        let accounts = transaction.platform_accounts();
        let account = accounts.find_platform_account(team).await?;
        let account = account.ok_or_else(UseCaseError::not_found)?;
        if account.state == PlatformAccountState::Disconnected {
            return Err(UseCaseError::new(
                ErrorCode::PlatformAccountMissing,
                "the platform account is disconnected: there is no credential to try; connect it again",
            ));
        }
        let subject = format!("credential-check:{}", account.id);
        let throttle = transaction.login_throttle();
        let wait = throttle
            .count_attempt(&subject, 1, limits::CREDENTIAL_CHECK_INTERVAL)
            .await?;
        if let Some(wait) = wait {
            return Err(UseCaseError::new(
                ErrorCode::TooManyAttempts,
                "the credential was tried just now, and the platform counts sign-ins; try again later",
            )
            .retry_after(wait));
        }
        let team_key = transaction.teams().find_team_key(team).await?;
        let team_key = team_key.ok_or_else(UseCaseError::not_found)?;
        let credential = self.custody.open_credential(&team_key, &account)?;
        transaction.commit().await.map_err(not_begun)?;
        Ok((account, credential))
    }

    async fn ask(
        &self,
        account: &PlatformAccount,
        credential: &PlatformCredential,
    ) -> Result<Verdict, UseCaseError> {
        let platform = &account.platform;
        let signed_in = match self.sign_in.sign_in(platform, credential).await {
            Ok(signed_in) => signed_in,
            Err(error) => return verdict_of(error),
        };
        let has_password = account.credential_kind == CredentialKind::Password
            || account.sealed_confirmation.is_some();
        let key = &signed_in.session_key;
        let deletion = self
            .sign_in
            .deletion_confirmation(platform, key, has_password)
            .await;
        self.forget(account, key).await;
        match deletion {
            Ok(deletion) => Ok(Verdict::Works {
                uid: signed_in.uid,
                deletion,
            }),
            Err(error) => verdict_of(error),
        }
    }

    /// The session of the trial is not the one in force, which goes on.
    async fn forget(&self, account: &PlatformAccount, session_key: &SecretText) {
        if account.credential_kind == CredentialKind::AccessToken {
            return;
        }
        if let Err(error) = self.sign_in.sign_out(&account.platform, session_key).await {
            tracing::info!(error = %error, "the session of a trial was left to its end");
        }
    }

    async fn store(
        &self,
        authorised: Authorised<'_>,
        tried: &PlatformAccount,
        verdict: Verdict,
    ) -> Result<PlatformAccount, UseCaseError> {
        let team = tried.team_id;
        let mut transaction = authorised.begin(&*self.unit_of_work, &*self.clock).await?;
        let accounts = transaction.platform_accounts();
        let found = accounts.find_platform_account(team).await?;
        let found = found.ok_or_else(UseCaseError::not_found)?;
        if found.credential_version != tried.credential_version {
            return Ok(found);
        }
        let (changed, outcome) = self.changed(found, verdict);
        accounts.update_platform_account(&changed).await?;
        let (id, target) = (new_id(&*self.ids), changed.id.to_string());
        let event = AuditEvent {
            outcome,
            ..AuditEvent::accepted(id, authorised.actor(), "platform_account.verify", target)
        };
        let event = event.with_detail(changed.state.as_str());
        transaction.audit().append_audit_event(&event).await?;
        let committed = transaction.commit().await;
        committed.map_err(|error| UseCaseError::from_commit(error, "read the account"))?;
        let version = changed.version + 1;
        Ok(PlatformAccount { version, ..changed })
    }

    fn changed(&self, found: PlatformAccount, verdict: Verdict) -> (PlatformAccount, AuditOutcome) {
        match verdict {
            Verdict::Works { uid, deletion } => {
                let changed = PlatformAccount {
                    state: PlatformAccountState::Connected,
                    platform_uid: uid,
                    uid_since: found.uid_since(uid, self.clock.now()),
                    deletion,
                    checked_at: self.clock.now(),
                    ..found
                };
                (changed, AuditOutcome::Succeeded)
            }
            Verdict::Refused => {
                let state = PlatformAccountState::NeedsReauthentication;
                (PlatformAccount { state, ..found }, AuditOutcome::Failed)
            }
        }
    }
}

fn verdict_of(error: SignInError) -> Result<Verdict, UseCaseError> {
    match error {
        SignInError::Refused { .. } | SignInError::SecondFactor => Ok(Verdict::Refused),
        SignInError::UnknownPlatform | SignInError::Unavailable(_) => Err(UseCaseError::new(
            ErrorCode::PlatformUnavailable,
            "the platform does not answer; nothing is known about the credential, try again later",
        )
        .caused_by(error)),
    }
}

/// Only the count of the attempt was written: what became of it does not matter.
fn not_begun(error: CommitError) -> UseCaseError {
    match error {
        CommitError::RolledBack(error) => error.into(),
        CommitError::OutcomeUnknown(cause) => domain::ports::StoreError::Unavailable(cause).into(),
    }
}
