//! Taking the platform credential out of custody.

use super::CredentialRemoval;
use crate::UseCaseError;
use crate::authorisation::demand;
use crate::step_up::demand_step_up;
use domain::access::{Actor, Permission};
use domain::audit::AuditEvent;
use domain::ids::TeamId;
use domain::ports::{Clock, IdSource, UnitOfWork, new_id};
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Disconnects the team's platform account.
#[derive(Clone)]
pub struct DisconnectPlatformAccount {
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// Destroys the credential and tells the platform.
    pub removal: CredentialRemoval,
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
    #[tracing::instrument(
        name = "usecase.platform_accounts.disconnect_platform_account",
        skip_all
    )]
    pub async fn run(&self, actor: &Actor, team: TeamId) -> Result<(), UseCaseError> {
        let authorised = demand(actor, team, Permission::PlatformAccountManage)?;
        demand_step_up(actor, &*self.clock)?;
        let mut transaction = authorised.begin(&*self.unit_of_work, &*self.clock).await?;
        let accounts = transaction.platform_accounts();
        let account = accounts.find_platform_account(team).await?;
        let account = account.ok_or_else(UseCaseError::not_found)?;
        let removed = self.removal.remove(&mut *transaction, account).await?;
        let Some(removed) = removed else {
            return Ok(());
        };
        let (event, target) = (new_id(&*self.ids), removed.account_id.to_string());
        let event = AuditEvent::accepted(event, actor, "platform_account.disconnect", target);
        transaction.audit().append_audit_event(&event).await?;
        let advice = "read the account";
        transaction
            .commit()
            .await
            .map_err(|error| UseCaseError::from_commit(error, advice))?;
        self.removal.sign_out(removed).await;
        Ok(())
    }
}
