//! Revoking an API token.

use crate::authorisation::demand;
use crate::{TeamChanges, UseCaseError};
use domain::access::{Actor, Permission};
use domain::ids::{ApiTokenId, TeamId};

#[cfg(test)]
mod tests;

/// Revokes API tokens.
#[derive(Clone)]
pub struct RevokeApiToken {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
}

impl RevokeApiToken {
    /// Demands `token.manage`, whatever the token may do: one that got lost is stopped by whoever
    /// notices. It commits only after what the token is storing just now; nothing of it begins
    /// afterwards. *Not found* for one that was revoked before.
    #[tracing::instrument(name = "usecase.api_tokens.revoke_api_token", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        token: ApiTokenId,
    ) -> Result<(), UseCaseError> {
        let authorised = demand(actor, team, Permission::TokenManage)?;
        let (mut transaction, now) = self.changes.begin(&authorised).await?;
        let at = self.changes.now();
        let tokens = transaction.api_tokens();
        if !tokens.revoke_api_token(team, token, at).await? {
            return Err(UseCaseError::not_found());
        }
        let what = ("token.revoke", token.to_string());
        self.changes
            .finish(transaction, &now, what, "list the API tokens")
            .await
    }
}
