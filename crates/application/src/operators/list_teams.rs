//! All teams.

use super::{begin, event};
use crate::team_changes::finish_with;
use crate::{TeamChanges, UseCaseError};
use domain::access::Person;
use domain::ids::TeamId;
use domain::page::{Page, PageRequest};
use domain::ports::ReadModel;
use domain::team::Team;
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Lists all teams.
#[derive(Clone)]
pub struct ListAllTeams {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl ListAllTeams {
    /// For operators. Every page is written into the system's trail: it is about no team.
    #[tracing::instrument(name = "usecase.operators.list_all_teams", skip_all)]
    pub async fn run(
        &self,
        person: &Person,
        page: PageRequest<TeamId>,
    ) -> Result<Page<Team, TeamId>, UseCaseError> {
        let (transaction, now) = begin(&self.changes, person).await?;
        let target = now.user.id.to_string();
        let line = event(&self.changes, &now, "operator.list_teams", target);
        finish_with(transaction, line, "list the teams").await?;
        Ok(self.read_model.list_teams(page).await?)
    }
}
