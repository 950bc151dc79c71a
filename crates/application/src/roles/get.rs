//! One role of a team.

use crate::UseCaseError;
use crate::authorisation::demand;
use domain::access::{Actor, Permission, Role};
use domain::ids::{RoleId, TeamId};
use domain::ports::ReadModel;
use std::sync::Arc;

/// Reads one role.
#[derive(Clone)]
pub struct GetRole {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl GetRole {
    /// Demands `team.view`.
    #[tracing::instrument(name = "usecase.roles.get_role", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        role: RoleId,
    ) -> Result<Role, UseCaseError> {
        demand(actor, team, Permission::TeamView)?;
        let found = self.read_model.find_role(team, role).await?;
        found.ok_or_else(UseCaseError::not_found)
    }
}
