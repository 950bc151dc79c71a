//! Which backups of an environment were made, or are being made, through us.

use crate::UseCaseError;
use crate::authorisation::demand;
use domain::access::{Actor, Permission};
use domain::ids::{EnvironmentId, JobId, TeamId};
use domain::job::{Job, JobKind};
use domain::page::{Page, PageRequest};
use domain::ports::{JobFilter, ReadModel};
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Lists backups.
#[derive(Clone)]
pub struct ListBackups {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl ListBackups {
    /// Demands `env.view`. Newest first. The platform has no method that lists backups and the add-on tells nobody
    /// which it made or keeps, so each is the job that made it: those that the add-on makes on its own are not
    /// here, nor is it known which of them it has thrown away since.
    #[tracing::instrument(name = "usecase.addons.list_backups", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        environment: EnvironmentId,
        page: PageRequest<JobId>,
    ) -> Result<Page<Job, JobId>, UseCaseError> {
        demand(actor, team, Permission::EnvironmentView)?;
        let found = self.read_model.find_environment(team, environment).await?;
        found.ok_or_else(UseCaseError::not_found)?;
        let filter = JobFilter {
            team_id: Some(team),
            kind: Some(JobKind::BackupCreate),
            environment_id: Some(environment),
            ..JobFilter::default()
        };
        Ok(self.read_model.list_jobs(&filter, page).await?)
    }
}
