//! The team's living environments, page by page.

use crate::UseCaseError;
use crate::authorisation::demand;
use domain::access::{Actor, Permission};
use domain::environment::Environment;
use domain::ids::{EnvironmentId, TeamId};
use domain::page::{Page, PageRequest};
use domain::ports::ReadModel;
use std::sync::Arc;

/// Lists environments.
#[derive(Clone)]
pub struct ListEnvironments {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl ListEnvironments {
    /// Demands `env.view`.
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        page: PageRequest<EnvironmentId>,
    ) -> Result<Page<Environment, EnvironmentId>, UseCaseError> {
        demand(actor, team, Permission::EnvironmentView)?;
        Ok(self.read_model.list_environments(team, page).await?)
    }
}
