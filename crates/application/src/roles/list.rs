//! The roles of a team.

use crate::UseCaseError;
use crate::authorisation::demand;
use domain::access::{Actor, Permission, Role};
use domain::ids::{RoleId, TeamId};
use domain::page::{Page, PageRequest};
use domain::ports::ReadModel;
use std::sync::Arc;

/// Lists roles.
#[derive(Clone)]
pub struct ListRoles {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl ListRoles {
    /// Demands `team.view`.
    #[tracing::instrument(name = "usecase.roles.list_roles", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        page: PageRequest<RoleId>,
    ) -> Result<Page<Role, RoleId>, UseCaseError> {
        demand(actor, team, Permission::TeamView)?;
        Ok(self.read_model.list_roles(team, page).await?)
    }
}
