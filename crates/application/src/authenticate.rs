//! From a bearer token to an actor, in one statement.

use crate::UseCaseError;
use domain::SecretText;
use domain::access::{Actor, Permission, Principal, RequestOrigin};
use domain::error_code::ErrorCode;
use domain::ids::TeamId;
use domain::ports::{Clock, ReadModel, TokenHasher};
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Authenticates requests by API token.
#[derive(Clone)]
pub struct Authenticate {
    /// Tokens by hash.
    pub read_model: Arc<dyn ReadModel>,
    /// Hashes of presented tokens.
    pub token_hasher: Arc<dyn TokenHasher>,
    /// Expiry.
    pub clock: Arc<dyn Clock>,
}

impl Authenticate {
    /// One answer for every token that is malformed, unknown, expired or revoked.
    pub async fn run(
        &self,
        token: &SecretText,
        origin: RequestOrigin,
    ) -> Result<Actor, UseCaseError> {
        let hashes = self.token_hasher.hashes_of(token);
        if hashes.is_empty() {
            return Err(unauthenticated());
        }
        let stored = self.read_model.find_api_token(&hashes).await?;
        match stored.filter(|stored| stored.is_live(self.clock.now())) {
            None => Err(unauthenticated()),
            Some(stored) => Ok(Actor::new(
                stored.team_id,
                Principal::Token(stored.id),
                stored.scopes,
                origin,
            )),
        }
    }
}

fn unauthenticated() -> UseCaseError {
    UseCaseError::new(ErrorCode::Unauthenticated, "a valid API token is required")
}

/// Passes when the actor belongs to the team and has the permission. A foreign team and one that
/// does not exist get the same answer; it comes before anything is looked up.
pub(crate) fn demand(
    actor: &Actor,
    team: TeamId,
    permission: Permission,
) -> Result<(), UseCaseError> {
    if actor.team_id() != team {
        return Err(UseCaseError::not_found());
    }
    actor.demand(permission).map_err(UseCaseError::from)
}
