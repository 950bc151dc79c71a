//! Taking an invitation back.

use crate::authorisation::demand;
use crate::{TeamChanges, UseCaseError};
use domain::access::{Actor, Permission};
use domain::ids::{InvitationId, TeamId};

#[cfg(test)]
mod tests;

/// Revokes an invitation.
#[derive(Clone)]
pub struct RevokeInvitation {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
}

impl RevokeInvitation {
    /// Demands `team.invite`. *Not found* for one that was accepted or revoked before.
    #[tracing::instrument(name = "usecase.invitations.revoke_invitation", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        invitation: InvitationId,
    ) -> Result<(), UseCaseError> {
        let authorised = demand(actor, team, Permission::TeamInvite)?;
        let (mut transaction, now) = self.changes.begin(&authorised).await?;
        let at = self.changes.now();
        let invitations = transaction.invitations();
        if !invitations.revoke_invitation(team, invitation, at).await? {
            return Err(UseCaseError::not_found());
        }
        let what = ("invitation.revoke", invitation.to_string());
        self.changes
            .finish(transaction, &now, what, "list the invitations")
            .await
    }
}
