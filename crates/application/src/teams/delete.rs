//! The second step of deleting a team: its key is destroyed, and with it every secret of the team.

use crate::authorisation::demand;
use crate::{TeamChanges, UseCaseError};
use domain::SecretText;
use domain::access::{Actor, Permission};
use domain::error_code::ErrorCode;
use domain::ids::TeamId;
use domain::people::TokenHash;
use domain::ports::{TokenHasher, TokenKind, Transaction};
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Deletes a team.
#[derive(Clone)]
pub struct DeleteTeam {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
    /// Hashes the token.
    pub token_hasher: Arc<dyn TokenHasher>,
}

impl DeleteTeam {
    /// Demands `team.delete` and the token of the first step, which the same person took. `link-invalid`
    /// for a token that is wrong or too old, `team-busy` with a job that is not at rest. For good: what
    /// was built on the platform stays there.
    #[tracing::instrument(name = "usecase.teams.delete_team", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        confirmation_token: &SecretText,
    ) -> Result<(), UseCaseError> {
        let authorised = demand(actor, team, Permission::TeamDelete)?;
        let hashes = self
            .token_hasher
            .hashes_of(TokenKind::Deletion, confirmation_token);
        let (mut transaction, now) = self.changes.begin(&authorised).await?;
        self.check_token(&mut *transaction, &now, &hashes).await?;
        let teams = transaction.teams();
        teams.delete_team(team, self.changes.now()).await?;
        // Only now: the deletion has waited for everybody who was still storing something in the team,
        // so that their jobs are seen. Nothing is deleted when there is one.
        if let Some(job) = transaction.jobs().find_live_job_of_team(team).await? {
            return Err(UseCaseError::new(
                ErrorCode::TeamBusy,
                "the team has a job that is not at rest; wait for it or cancel it",
            )
            .with_job(job));
        }
        let what = ("team.delete", team.to_string());
        self.changes
            .finish(transaction, &now, what, "list your teams")
            .await
    }

    async fn check_token(
        &self,
        transaction: &mut dyn Transaction,
        now: &Actor,
        hashes: &[TokenHash],
    ) -> Result<(), UseCaseError> {
        let found = transaction
            .teams()
            .find_team_deletion(now.team_id())
            .await?;
        let is_right = found.is_some_and(|deletion| {
            hashes.contains(&deletion.hash)
                && self.changes.now() < deletion.expires_at
                && now.user_id() == Some(deletion.requested_by)
        });
        if is_right {
            return Ok(());
        }
        Err(UseCaseError::new(
            ErrorCode::LinkInvalid,
            "the token is wrong or too old; ask for the deletion again",
        )
        .at("/confirmation_token"))
    }
}
