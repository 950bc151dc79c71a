//! One team.

use crate::UseCaseError;
use crate::authorisation::demand;
use domain::access::{Actor, Permission};
use domain::ids::TeamId;
use domain::ports::ReadModel;
use domain::team::Team;
use std::sync::Arc;

/// Reads one team.
#[derive(Clone)]
pub struct GetTeam {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl GetTeam {
    /// Demands `team.view`.
    #[tracing::instrument(name = "usecase.teams.get_team", skip_all)]
    pub async fn run(&self, actor: &Actor, team: TeamId) -> Result<Team, UseCaseError> {
        demand(actor, team, Permission::TeamView)?;
        let found = self.read_model.find_team(team).await?;
        found.ok_or_else(UseCaseError::not_found)
    }
}
