//! A new API token.

use crate::authorisation::{demand, demand_within};
use crate::step_up::demand_step_up;
use crate::{TeamChanges, UseCaseError};
use domain::SecretText;
use domain::access::{Actor, Permission, PermissionSet};
use domain::api_token::{ApiToken, Network};
use domain::error_code::ErrorCode;
use domain::ids::TeamId;
use domain::limits;
use domain::names::TokenLabel;
use domain::ports::{TokenHasher, TokenKind};
use jiff::Timestamp;
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// What the token is to be.
#[derive(Debug, Clone)]
pub struct CreateApiTokenCommand {
    /// The team it acts for.
    pub team_id: TeamId,
    /// What people call it.
    pub label: TokenLabel,
    /// What it may do.
    pub scopes: PermissionSet,
    /// When it ends.
    pub expires_at: Timestamp,
    /// From where it may be used; from everywhere when empty.
    pub allowed_networks: Vec<Network>,
}

/// A token that was just made, with its text, which is told this once.
pub struct NewApiToken {
    /// What is stored of it.
    pub token: ApiToken,
    /// The token itself.
    pub secret: SecretText,
}

/// Makes API tokens.
#[derive(Clone)]
pub struct CreateApiToken {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
    /// Makes the token.
    pub token_hasher: Arc<dyn TokenHasher>,
}

impl CreateApiToken {
    /// Demands `token.manage`, and every scope of the new token (`rights-exceeded`), so that a token
    /// makes none that may do more than itself; a step-up for scopes that are the owner's alone.
    /// `limit-reached` at [`limits::API_TOKENS_MAX`]. Doing it twice makes two tokens.
    #[tracing::instrument(name = "usecase.api_tokens.create_api_token", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        command: CreateApiTokenCommand,
    ) -> Result<NewApiToken, UseCaseError> {
        let authorised = demand(actor, command.team_id, Permission::TokenManage)?;
        let within =
            |now: &Actor| demand_within(now, command.scopes).map_err(|error| error.at("/scopes"));
        within(actor)?;
        self.check(actor, &command)?;
        let (mut transaction, now) = self.changes.begin(&authorised).await?;
        within(&now)?;
        let tokens = transaction.api_tokens();
        let at = self.changes.now();
        if tokens.count_live_api_tokens(command.team_id, at).await? >= limits::API_TOKENS_MAX {
            return Err(UseCaseError::new(
                ErrorCode::LimitReached,
                "the team has as many API tokens as it may have; revoke one first",
            ));
        }
        let (secret, hash) = self.token_hasher.new_token(TokenKind::Api)?;
        let token = ApiToken {
            id: self.changes.new_id(),
            team_id: command.team_id,
            user_id: now.user_id().ok_or_else(UseCaseError::not_found)?,
            label: command.label,
            hash,
            scopes: command.scopes,
            allowed_networks: command.allowed_networks,
            created_at: at,
            expires_at: command.expires_at,
            revoked_at: None,
            last_used_at: None,
        };
        tokens.insert_api_token(&token).await?;
        let what = ("token.create", token.id.to_string());
        let advice = "list the API tokens, and revoke one that nobody knows,";
        self.changes.finish(transaction, &now, what, advice).await?;
        Ok(NewApiToken { token, secret })
    }

    /// What can be said about the wish without the store.
    fn check(&self, actor: &Actor, command: &CreateApiTokenCommand) -> Result<(), UseCaseError> {
        let invalid = |pointer, rule: &str| {
            Err(UseCaseError::new(ErrorCode::ValidationFailed, rule).at(pointer))
        };
        if command.scopes == PermissionSet::NONE {
            return invalid("/scopes", "must name at least one permission");
        }
        if command.expires_at <= self.changes.now() {
            return invalid("/expires_at", "must be in the future");
        }
        if command.expires_at > self.changes.end_of(limits::API_TOKEN_LIFETIME_MAX) {
            return invalid("/expires_at", "must be at most 366 days from now");
        }
        if command.allowed_networks.len() > limits::API_TOKEN_NETWORKS_MAX {
            return invalid(
                "/allowed_networks",
                "must be at most 32 ranges of addresses",
            );
        }
        if command.scopes.iter().any(Permission::is_owner_only) {
            demand_step_up(actor, &*self.changes.clock)?;
        }
        Ok(())
    }
}
