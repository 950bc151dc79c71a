//! The teams of a person.

use crate::UseCaseError;
use domain::access::{Person, Role};
use domain::ids::TeamId;
use domain::page::{Page, PageRequest};
use domain::ports::ReadModel;
use domain::team::Team;
use std::sync::Arc;

/// Lists the teams that a person is a member of.
#[derive(Clone)]
pub struct ListTeams {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl ListTeams {
    /// For anybody who signed in: their own teams, each with their role.
    #[tracing::instrument(name = "usecase.teams.list_teams", skip_all)]
    pub async fn run(
        &self,
        person: &Person,
        page: PageRequest<TeamId>,
    ) -> Result<Page<(Team, Role), TeamId>, UseCaseError> {
        let teams = self.read_model.list_teams_of_user(person.user.id, page);
        Ok(teams.await?)
    }
}
