//! Which add-ons there are for an environment, and which of them it has.

use crate::UseCaseError;
use crate::authorisation::demand;
use domain::access::{Actor, Permission};
use domain::ids::{EnvironmentId, TeamId};
use domain::ports::{HostingPlatform, ReadModel};
use domain::software::{Addon, Installation, Software};
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// An add-on, as an environment has it or may have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedAddon {
    /// The add-on.
    pub addon: Addon,
    /// Whether the team's platform is configured for it, so that it can be installed.
    pub is_available: bool,
    /// The installation, when the environment has it.
    pub installation: Option<Installation>,
}

/// Lists add-ons.
#[derive(Clone)]
pub struct ListAddons {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
    /// Which add-ons the platform's configuration maps. Nothing is called.
    pub platform: Arc<dyn HostingPlatform>,
}

impl ListAddons {
    /// Demands `env.view`. Every add-on that there is; none is available to a team without a platform account.
    #[tracing::instrument(name = "usecase.addons.list_addons", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        environment: EnvironmentId,
    ) -> Result<Vec<ListedAddon>, UseCaseError> {
        demand(actor, team, Permission::EnvironmentView)?;
        let found = self.read_model.find_environment(team, environment).await?;
        let mut installations = found.ok_or_else(UseCaseError::not_found)?.installations;
        let account = self.read_model.find_platform_account(team).await?;
        let account = account.map(|account| account.reference());
        let software = self.platform.software();
        let listed = Addon::ALL.iter().map(|addon| ListedAddon {
            addon: *addon,
            is_available: account
                .as_ref()
                .is_some_and(|account| software.is_addon_configured(account, *addon)),
            installation: installations
                .iter()
                .position(|it| it.software == Software::Addon(*addon))
                .map(|index| installations.swap_remove(index)),
        });
        Ok(listed.collect())
    }
}
