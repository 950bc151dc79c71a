//! Another name for a team.

use crate::authorisation::demand;
use crate::team_changes::demand_version;
use crate::{TeamChanges, UseCaseError};
use domain::access::{Actor, Permission};
use domain::ids::TeamId;
use domain::names::TeamName;
use domain::team::Team;

#[cfg(test)]
mod tests;

/// Renames a team.
#[derive(Clone)]
pub struct RenameTeam {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
}

impl RenameTeam {
    /// Demands `team.update`. Names need not be unique. `precondition-failed` when another version is there than
    /// the expected one. Idempotent without it.
    #[tracing::instrument(name = "usecase.teams.rename_team", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        name: TeamName,
        expected_version: Option<i64>,
    ) -> Result<Team, UseCaseError> {
        let authorised = demand(actor, team, Permission::TeamUpdate)?;
        let (mut transaction, now) = self.changes.begin(&authorised).await?;
        let found = transaction.teams().find_team(team).await?;
        let mut found = found.ok_or_else(UseCaseError::not_found)?;
        demand_version(expected_version, found.version)?;
        found.name = name;
        transaction.teams().update_team(&found).await?;
        let what = ("team.update", team.to_string());
        self.changes
            .finish(transaction, &now, what, "read the team")
            .await?;
        found.version += 1;
        Ok(found)
    }
}
