//! One API token of a team, without the token itself.

use crate::UseCaseError;
use crate::authorisation::demand;
use domain::access::{Actor, Permission};
use domain::api_token::ApiToken;
use domain::ids::{ApiTokenId, TeamId};
use domain::ports::ReadModel;
use std::sync::Arc;

/// Reads one API token.
#[derive(Clone)]
pub struct GetApiToken {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl GetApiToken {
    /// Demands `token.manage`. A revoked one is not found.
    #[tracing::instrument(name = "usecase.api_tokens.get_api_token", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        token: ApiTokenId,
    ) -> Result<ApiToken, UseCaseError> {
        demand(actor, team, Permission::TokenManage)?;
        let found = self.read_model.find_api_token(team, token).await?;
        found.ok_or_else(UseCaseError::not_found)
    }
}
