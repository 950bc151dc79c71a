//! One environment, from our projection.

use crate::UseCaseError;
use crate::authorisation::demand;
use domain::access::{Actor, Permission};
use domain::ids::{EnvironmentId, TeamId};
use domain::ports::{EnvironmentDetails, ReadModel};
use std::sync::Arc;

/// Reads one environment.
#[derive(Clone)]
pub struct GetEnvironment {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl GetEnvironment {
    /// Demands `env.view`.
    #[tracing::instrument(name = "usecase.environments.get_environment", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        environment: EnvironmentId,
    ) -> Result<EnvironmentDetails, UseCaseError> {
        demand(actor, team, Permission::EnvironmentView)?;
        let found = self.read_model.find_environment(team, environment).await?;
        found.ok_or_else(UseCaseError::not_found)
    }
}
