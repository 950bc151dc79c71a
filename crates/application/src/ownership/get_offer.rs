//! The offer that waits.

use crate::UseCaseError;
use crate::authorisation::demand;
use domain::access::{Actor, Permission};
use domain::ids::TeamId;
use domain::ports::{Clock, ReadModel};
use domain::team::OwnershipOffer;
use std::sync::Arc;

/// Reads the offer of ownership.
#[derive(Clone)]
pub struct GetOwnershipOffer {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
    /// Expiry.
    pub clock: Arc<dyn Clock>,
}

impl GetOwnershipOffer {
    /// Demands `team.view`. One that has ended is not found.
    #[tracing::instrument(name = "usecase.ownership.get_ownership_offer", skip_all)]
    pub async fn run(&self, actor: &Actor, team: TeamId) -> Result<OwnershipOffer, UseCaseError> {
        demand(actor, team, Permission::TeamView)?;
        let found = self.read_model.find_ownership_offer(team).await?;
        found
            .filter(|offer| self.clock.now() < offer.expires_at)
            .ok_or_else(UseCaseError::not_found)
    }
}
