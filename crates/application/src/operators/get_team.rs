//! Any team.

use super::{begin, event};
use crate::team_changes::finish_with;
use crate::{TeamChanges, UseCaseError};
use domain::access::Person;
use domain::ids::TeamId;
use domain::team::Team;

#[cfg(test)]
mod tests;

/// Reads any team.
#[derive(Clone)]
pub struct GetAnyTeam {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
}

impl GetAnyTeam {
    /// For operators. Written into the team's trail first: without that it is not shown.
    #[tracing::instrument(name = "usecase.operators.get_any_team", skip_all)]
    pub async fn run(&self, person: &Person, team: TeamId) -> Result<Team, UseCaseError> {
        let (mut transaction, now) = begin(&self.changes, person).await?;
        let found = transaction.teams().find_team(team).await?;
        let found = found.ok_or_else(UseCaseError::not_found)?;
        let line = event(&self.changes, &now, "operator.access", team.to_string());
        finish_with(transaction, line.in_team(team), "read the team").await?;
        Ok(found)
    }
}
