//! The first step of deleting a team: a token that the second step has to bring.

use crate::authorisation::demand;
use crate::step_up::demand_step_up;
use crate::{TeamChanges, UseCaseError};
use domain::SecretText;
use domain::access::{Actor, Permission};
use domain::ids::TeamId;
use domain::limits;
use domain::ports::{TokenHasher, TokenKind};
use domain::team::TeamDeletion;
use jiff::Timestamp;
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// What the second step has to bring, and until when. The token is told this once.
pub struct RequestedDeletion {
    /// The token.
    pub confirmation_token: SecretText,
    /// From when on it is refused.
    pub expires_at: Timestamp,
}

/// Asks for the deletion of a team.
#[derive(Clone)]
pub struct RequestTeamDeletion {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
    /// Makes the token.
    pub token_hasher: Arc<dyn TokenHasher>,
}

impl RequestTeamDeletion {
    /// Demands `team.delete` and a step-up. Asking again makes the earlier token worthless.
    #[tracing::instrument(name = "usecase.teams.request_team_deletion", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
    ) -> Result<RequestedDeletion, UseCaseError> {
        let authorised = demand(actor, team, Permission::TeamDelete)?;
        demand_step_up(actor, &*self.changes.clock)?;
        let (mut transaction, now) = self.changes.begin(&authorised).await?;
        let (confirmation_token, hash) = self.token_hasher.new_token(TokenKind::Deletion)?;
        let deletion = TeamDeletion {
            team_id: team,
            requested_by: now.user_id().ok_or_else(UseCaseError::not_found)?,
            hash,
            expires_at: self.changes.end_of(limits::TEAM_DELETION_LIFETIME),
        };
        transaction.teams().put_team_deletion(&deletion).await?;
        let what = ("team.request_deletion", team.to_string());
        self.changes
            .finish(transaction, &now, what, "ask for a new token")
            .await?;
        Ok(RequestedDeletion {
            confirmation_token,
            expires_at: deletion.expires_at,
        })
    }
}
