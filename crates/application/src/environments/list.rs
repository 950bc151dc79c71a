//! The team's living environments, page by page.

use crate::UseCaseError;
use crate::authorisation::demand;
use domain::access::{Actor, Permission};
use domain::environment::Environment;
use domain::ids::{EnvironmentId, TeamId};
use domain::limits::PAGE_SIZE_MAX;
use domain::page::{Page, PageRequest};
use domain::ports::{EnvironmentFilter, ReadModel, StoreError};
use std::sync::Arc;

/// All living environments of the team, oldest first.
pub(crate) async fn all_living(
    read_model: &dyn ReadModel,
    team: TeamId,
) -> Result<Vec<Environment>, StoreError> {
    let (mut environments, mut after) = (Vec::new(), None);
    loop {
        let (all, page) = (
            EnvironmentFilter::default(),
            PageRequest::new(PAGE_SIZE_MAX, after),
        );
        let found = read_model.list_environments(team, &all, page).await?;
        environments.extend(found.items);
        after = found.next_after;
        if after.is_none() {
            return Ok(environments);
        }
    }
}

/// Lists environments.
#[derive(Clone)]
pub struct ListEnvironments {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl ListEnvironments {
    /// Demands `env.view`. Oldest first.
    #[tracing::instrument(name = "usecase.environments.list_environments", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        filter: &EnvironmentFilter,
        page: PageRequest<EnvironmentId>,
    ) -> Result<Page<Environment, EnvironmentId>, UseCaseError> {
        demand(actor, team, Permission::EnvironmentView)?;
        Ok(self
            .read_model
            .list_environments(team, filter, page)
            .await?)
    }
}
