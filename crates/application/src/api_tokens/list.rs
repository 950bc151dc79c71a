//! The API tokens of a team, without the tokens themselves.

use crate::UseCaseError;
use crate::authorisation::demand;
use domain::access::{Actor, Permission};
use domain::api_token::ApiToken;
use domain::ids::{ApiTokenId, TeamId};
use domain::page::{Page, PageRequest};
use domain::ports::ReadModel;
use std::sync::Arc;

/// Lists API tokens.
#[derive(Clone)]
pub struct ListApiTokens {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl ListApiTokens {
    /// Demands `token.manage`. Expired ones are among them, revoked ones are not.
    #[tracing::instrument(name = "usecase.api_tokens.list_api_tokens", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        page: PageRequest<ApiTokenId>,
    ) -> Result<Page<ApiToken, ApiTokenId>, UseCaseError> {
        demand(actor, team, Permission::TokenManage)?;
        Ok(self.read_model.list_api_tokens(team, page).await?)
    }
}
