//! All teams, and suspending one.

use super::{Administrator, not_committed};
use crate::UseCaseError;
use crate::teams::TeamReader;
use domain::audit::AuditEvent;
use domain::error_code::ErrorCode;
use domain::ids::TeamId;
use domain::limits::PAGE_SIZE_MAX;
use domain::page::PageRequest;
use domain::ports::{Clock, IdSource, ReadModel, UnitOfWork, WritePriority, new_id};
use domain::team::Team;
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Lists all living teams.
#[derive(Clone)]
pub struct ListAllTeams {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl ListAllTeams {
    /// Tells of each, oldest first. It shows names and nothing that is in the teams, and is not audited.
    #[tracing::instrument(name = "usecase.administration.list_all_teams", skip_all)]
    pub async fn run(&self, tell: &mut (dyn FnMut(Team) + Send)) -> Result<(), UseCaseError> {
        let mut after = None;
        loop {
            let page = PageRequest::new(PAGE_SIZE_MAX, after);
            let found = self.read_model.list_teams(page).await?;
            found.items.into_iter().for_each(&mut *tell);
            after = found.next_after;
            if after.is_none() {
                return Ok(());
            }
        }
    }
}

/// What becomes of a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuspensionChange {
    /// It can be looked at and nothing else.
    Suspend,
    /// It can be worked in again.
    Resume,
}

/// Suspends teams and resumes them.
#[derive(Clone)]
pub struct SuspendTeam {
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// Identifiers.
    pub ids: Arc<dyn IdSource>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

impl SuspendTeam {
    /// Takes effect with the next request to the team and the next step of its jobs. Idempotent; each
    /// use is in the team's trail.
    #[tracing::instrument(name = "usecase.administration.suspend_team", skip_all)]
    pub async fn run(
        &self,
        administrator: &Administrator,
        team: TeamId,
        change: SuspensionChange,
    ) -> Result<(), UseCaseError> {
        let mut transaction = self.unit_of_work.begin(WritePriority::Interactive).await?;
        let found = transaction.teams().find_team(team).await?;
        let found = found.ok_or_else(no_such_team)?;
        let (suspended_at, action) = match change {
            SuspensionChange::Suspend => {
                let since = found.suspended_at.unwrap_or_else(|| self.clock.now());
                (Some(since), "team.suspend")
            }
            SuspensionChange::Resume => (None, "team.resume"),
        };
        if found.suspended_at != suspended_at {
            let changed = Team {
                suspended_at,
                ..found
            };
            transaction.teams().update_team(&changed).await?;
        }
        let event = AuditEvent::at_command_line(new_id(&*self.ids), action, team.to_string())
            .in_team(team)
            .with_detail(administrator.detail());
        transaction.audit().append_audit_event(&event).await?;
        transaction.commit().await.map_err(not_committed)
    }
}

/// Takes along everything that is kept of a team.
#[derive(Clone)]
pub struct ExportAnyTeam {
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
    /// Identifiers.
    pub ids: Arc<dyn IdSource>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

impl ExportAnyTeam {
    /// Written into the team's trail first. What changes while it is read may be in it or not.
    #[tracing::instrument(name = "usecase.administration.export_any_team", skip_all)]
    pub async fn run(
        &self,
        administrator: &Administrator,
        team: TeamId,
    ) -> Result<TeamReader, UseCaseError> {
        let mut transaction = self.unit_of_work.begin(WritePriority::Interactive).await?;
        let found = transaction.teams().find_team(team).await?;
        let found = found.ok_or_else(no_such_team)?;
        let event =
            AuditEvent::at_command_line(new_id(&*self.ids), "team.export", team.to_string())
                .in_team(team)
                .with_detail(administrator.detail());
        transaction.audit().append_audit_event(&event).await?;
        transaction.commit().await.map_err(not_committed)?;
        let read_model = Arc::clone(&self.read_model);
        Ok(TeamReader::new(read_model, found, self.clock.now()))
    }
}

fn no_such_team() -> UseCaseError {
    UseCaseError::new(
        ErrorCode::NotFound,
        "there is no such team; `windlass admin teams list` shows all",
    )
}
