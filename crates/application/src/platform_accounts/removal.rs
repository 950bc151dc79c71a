//! What it means to take a platform credential out of custody, whoever does it and why.

use crate::{CredentialCustody, UseCaseError};
use domain::SecretText;
use domain::ids::PlatformAccountId;
use domain::limits;
use domain::names::PlatformName;
use domain::platform_account::{CredentialKind, PlatformAccount, PlatformAccountState};
use domain::ports::{Clock, PlatformSignIn, Transaction};
use futures::future::{Either, select};
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Removes credentials.
#[derive(Clone)]
pub struct CredentialRemoval {
    /// The platform's door.
    pub sign_in: Arc<dyn PlatformSignIn>,
    /// Opens the session that is signed out.
    pub custody: CredentialCustody,
    /// How long the platform is waited for.
    pub clock: Arc<dyn Clock>,
}

/// A credential that was destroyed, and the session that may still be known to the platform.
pub(crate) struct RemovedCredential {
    pub(crate) account_id: PlatformAccountId,
    platform: PlatformName,
    session_key: Option<SecretText>,
}

impl CredentialRemoval {
    /// Destroys credential and session in this transaction. The row stays, because environments point
    /// to it. `None` when there was nothing left to destroy.
    pub(crate) async fn remove(
        &self,
        transaction: &mut dyn Transaction,
        account: PlatformAccount,
    ) -> Result<Option<RemovedCredential>, UseCaseError> {
        if account.state == PlatformAccountState::Disconnected {
            return Ok(None);
        }
        let removed = RemovedCredential {
            account_id: account.id,
            platform: account.platform.clone(),
            session_key: self.session_key(transaction, &account).await?,
        };
        let accounts = transaction.platform_accounts();
        accounts
            .update_platform_account(&account.disconnected())
            .await?;
        Ok(Some(removed))
    }

    /// Tells the platform that the session is over, after the commit, best effort: here it is forgotten
    /// already.
    pub(crate) async fn sign_out(&self, removed: RemovedCredential) {
        let Some(session_key) = &removed.session_key else {
            return;
        };
        let signing_out = self.sign_in.sign_out(&removed.platform, session_key);
        let patience = self.clock.sleep(limits::SIGN_OUT_PATIENCE);
        match select(signing_out, patience).await {
            Either::Left((Ok(()), _)) => {}
            Either::Left((Err(error), _)) => {
                tracing::info!(error = %error, "the platform was not told that a session is over");
            }
            Either::Right(_) => {
                tracing::info!("the platform did not say in time that a session is over");
            }
        }
    }

    /// The session in force of an account with a password. One that cannot be opened is no reason to
    /// keep it.
    async fn session_key(
        &self,
        transaction: &mut dyn Transaction,
        account: &PlatformAccount,
    ) -> Result<Option<SecretText>, UseCaseError> {
        if account.credential_kind == CredentialKind::AccessToken {
            return Ok(None);
        }
        let session = transaction
            .platform_accounts()
            .find_session(account.id)
            .await?;
        let team_key = transaction.teams().find_team_key(account.team_id).await?;
        let (Some(sealed), Some(team_key)) =
            (session.and_then(|session| session.sealed_key), team_key)
        else {
            return Ok(None);
        };
        let (id, team) = (account.id, account.team_id);
        let opened = self.custody.open_session_key(&team_key, id, team, &sealed);
        Ok(opened.ok())
    }
}
