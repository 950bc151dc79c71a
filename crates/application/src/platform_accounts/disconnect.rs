//! Taking the platform credential out of custody.

use crate::authorisation::demand;
use crate::step_up::demand_step_up;
use crate::{CredentialCustody, UseCaseError};
use domain::SecretText;
use domain::access::{Actor, Permission};
use domain::audit::AuditEvent;
use domain::error_code::ErrorCode;
use domain::ids::TeamId;
use domain::limits;
use domain::names::PlatformName;
use domain::platform_account::{CredentialKind, PlatformAccount, PlatformAccountState};
use domain::ports::{
    Clock, CommitError, IdSource, PlatformSignIn, Transaction, UnitOfWork, new_id,
};
use futures::future::{Either, select};
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Disconnects the team's platform account.
#[derive(Clone)]
pub struct DisconnectPlatformAccount {
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// The platform's door.
    pub sign_in: Arc<dyn PlatformSignIn>,
    /// Opens the session that is signed out.
    pub custody: CredentialCustody,
    /// Identifiers.
    pub ids: Arc<dyn IdSource>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

impl DisconnectPlatformAccount {
    /// Demands `platform_account.manage` and a step-up. Credential and session are destroyed in one
    /// transaction; the row stays, because environments point to it. Calls that are on their way end;
    /// the next step of each job finds no session and waits for its owner. Afterwards the platform is
    /// told that the session is over, best effort. Idempotent.
    pub async fn run(&self, actor: &Actor, team: TeamId) -> Result<(), UseCaseError> {
        let authorised = demand(actor, team, Permission::PlatformAccountManage)?;
        demand_step_up(actor, &*self.clock)?;
        let mut transaction = authorised.begin(&*self.unit_of_work, &*self.clock).await?;
        let accounts = transaction.platform_accounts();
        let account = accounts.find_platform_account(team).await?;
        let account = account.ok_or_else(UseCaseError::not_found)?;
        if account.state == PlatformAccountState::Disconnected {
            return Ok(());
        }
        let session_key = self.session_key(&mut *transaction, &account).await?;
        let (id, platform) = (account.id, account.platform.clone());
        let accounts = transaction.platform_accounts();
        accounts
            .update_platform_account(&account.disconnected())
            .await?;
        let (event, target) = (new_id(&*self.ids), id.to_string());
        let event = AuditEvent::accepted(event, actor, "platform_account.disconnect", target);
        transaction.audit().append_audit_event(&event).await?;
        transaction.commit().await.map_err(|error| match error {
            CommitError::RolledBack(error) => error.into(),
            CommitError::OutcomeUnknown(cause) => UseCaseError::new(
                ErrorCode::OutcomeUnknown,
                "whether the account was disconnected is unknown; read it before trying again",
            )
            .caused_by(cause),
        })?;
        if let Some(session_key) = session_key {
            self.sign_out(&platform, &session_key).await;
        }
        Ok(())
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
        let opened = self
            .custody
            .open_session_key(&team_key, id, team, &sealed)
            .ok();
        Ok(opened)
    }

    async fn sign_out(&self, platform: &PlatformName, session_key: &SecretText) {
        let signing_out = self.sign_in.sign_out(platform, session_key);
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
}
