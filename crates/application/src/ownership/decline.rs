//! Saying no to an offer of ownership.

use super::offer_to;
use crate::authorisation::demand;
use crate::{TeamChanges, UseCaseError};
use domain::access::{Actor, Permission};
use domain::ids::TeamId;

#[cfg(test)]
mod tests;

/// Declines the ownership.
#[derive(Clone)]
pub struct DeclineOwnership {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
}

impl DeclineOwnership {
    /// Demands `team.view`, which every member has, in a browser. `no-ownership-offer` for everybody
    /// but the receiver of a living offer.
    #[tracing::instrument(name = "usecase.ownership.decline_ownership", skip_all)]
    pub async fn run(&self, actor: &Actor, team: TeamId) -> Result<(), UseCaseError> {
        let authorised = demand(actor, team, Permission::TeamView)?;
        let (mut transaction, now) = self.changes.begin_in_person(&authorised).await?;
        let user = now.user_id().ok_or_else(UseCaseError::not_found)?;
        offer_to(&mut *transaction, team, user, self.changes.now()).await?;
        transaction.teams().delete_ownership_offer(team).await?;
        let what = ("ownership.decline", user.to_string());
        self.changes
            .finish(transaction, &now, what, "read the offer")
            .await
    }
}
