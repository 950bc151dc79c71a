//! Everything that is kept of a team, piece by piece.

mod reader;
#[cfg(test)]
mod tests;

pub use reader::{TeamPiece, TeamReader};

use crate::authorisation::demand;
use crate::{TeamChanges, UseCaseError};
use domain::access::{Actor, Permission};
use domain::ids::TeamId;
use domain::ports::ReadModel;
use std::sync::Arc;

/// Lets a team take its data along.
#[derive(Clone)]
pub struct ExportTeam {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl ExportTeam {
    /// Demands `team.export`. Written into the team's trail first: without that nothing is read. What changes while it
    /// is read may be in it or not.
    #[tracing::instrument(name = "usecase.teams.export_team", skip_all)]
    pub async fn run(&self, actor: &Actor, team: TeamId) -> Result<TeamReader, UseCaseError> {
        let authorised = demand(actor, team, Permission::TeamExport)?;
        let (mut transaction, now) = self.changes.begin(&authorised).await?;
        let found = transaction.teams().find_team(team).await?;
        let found = found.ok_or_else(UseCaseError::not_found)?;
        let what = ("team.export", team.to_string());
        self.changes
            .finish(transaction, &now, what, "ask again")
            .await?;
        let read_model = Arc::clone(&self.read_model);
        Ok(TeamReader::new(read_model, found, self.changes.now()))
    }
}
