//! The state of the platform account, never its credential.

use crate::UseCaseError;
use domain::access::{Actor, Permission};
use domain::ids::TeamId;
use domain::platform_account::PlatformAccount;
use domain::ports::ReadModel;
use std::sync::Arc;

/// Reads the team's platform account.
#[derive(Clone)]
pub struct GetPlatformAccount {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl GetPlatformAccount {
    /// Demands `platform_account.view`.
    #[tracing::instrument(name = "usecase.platform_accounts.get_platform_account", skip_all)]
    pub async fn run(&self, actor: &Actor, team: TeamId) -> Result<PlatformAccount, UseCaseError> {
        crate::authorisation::demand(actor, team, Permission::PlatformAccountView)?;
        let account = self.read_model.find_platform_account(team).await?;
        account.ok_or_else(UseCaseError::not_found)
    }
}
