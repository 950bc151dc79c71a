//! API tokens.

use crate::api_token::ApiToken;
use crate::ids::{ApiTokenId, TeamId};
use crate::people::TokenHash;
use crate::ports::StoreError;
use async_trait::async_trait;
use jiff::Timestamp;

/// API tokens.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait ApiTokenStore: Send {
    /// Adds a token.
    async fn insert_api_token(&mut self, token: &ApiToken) -> Result<(), StoreError>;
    /// Revokes a token that was not revoked; `false` when there is none. Waits for transactions that
    /// hold the token's rights.
    async fn revoke_api_token(
        &mut self,
        team: TeamId,
        token: ApiTokenId,
        at: Timestamp,
    ) -> Result<bool, StoreError>;
    /// Notes the use of a token; with a hash, that it is stored under that one from now on (the pepper
    /// it was under is being retired).
    async fn note_api_token_use(
        &mut self,
        token: ApiTokenId,
        at: Timestamp,
        rehashed: Option<TokenHash>,
    ) -> Result<(), StoreError>;
    /// How many live tokens the team has.
    async fn count_live_api_tokens(
        &mut self,
        team: TeamId,
        now: Timestamp,
    ) -> Result<i64, StoreError>;
}
