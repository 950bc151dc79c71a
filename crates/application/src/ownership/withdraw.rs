//! Taking an offer of ownership back.

use crate::authorisation::demand;
use crate::{TeamChanges, UseCaseError};
use domain::access::{Actor, Permission};
use domain::ids::TeamId;

#[cfg(test)]
mod tests;

/// Withdraws the offer of ownership.
#[derive(Clone)]
pub struct WithdrawOwnershipOffer {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
}

impl WithdrawOwnershipOffer {
    /// Demands `team.transfer`. *Not found* when nothing is offered.
    #[tracing::instrument(name = "usecase.ownership.withdraw_ownership_offer", skip_all)]
    pub async fn run(&self, actor: &Actor, team: TeamId) -> Result<(), UseCaseError> {
        let authorised = demand(actor, team, Permission::TeamTransfer)?;
        let (mut transaction, now) = self.changes.begin(&authorised).await?;
        if !transaction.teams().delete_ownership_offer(team).await? {
            return Err(UseCaseError::not_found());
        }
        let what = ("ownership.withdraw", team.to_string());
        self.changes
            .finish(transaction, &now, what, "read the offer")
            .await
    }
}
