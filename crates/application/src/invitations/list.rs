//! The invitations that wait.

use crate::UseCaseError;
use crate::authorisation::demand;
use domain::access::{Actor, Permission};
use domain::ids::{InvitationId, TeamId};
use domain::page::{Page, PageRequest};
use domain::ports::{Clock, ReadModel};
use domain::team::Invitation;
use std::sync::Arc;

/// Lists open invitations.
#[derive(Clone)]
pub struct ListInvitations {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
    /// Expiry.
    pub clock: Arc<dyn Clock>,
}

impl ListInvitations {
    /// Demands `team.invite`.
    #[tracing::instrument(name = "usecase.invitations.list_invitations", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        page: PageRequest<InvitationId>,
    ) -> Result<Page<Invitation, InvitationId>, UseCaseError> {
        demand(actor, team, Permission::TeamInvite)?;
        let now = self.clock.now();
        Ok(self.read_model.list_invitations(team, now, page).await?)
    }
}
