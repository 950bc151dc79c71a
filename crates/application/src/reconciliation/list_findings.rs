//! What syncs have found.

use crate::UseCaseError;
use crate::authorisation::demand;
use domain::access::{Actor, Permission};
use domain::finding::Finding;
use domain::ids::{FindingId, TeamId};
use domain::page::{Page, PageRequest};
use domain::ports::{FindingFilter, ReadModel};
use std::sync::Arc;

/// Lists findings.
#[derive(Clone)]
pub struct ListFindings {
    /// The store.
    pub read_model: Arc<dyn ReadModel>,
}

impl ListFindings {
    /// Demands `env.view`. Newest first; only what two looks saw.
    #[tracing::instrument(name = "usecase.reconciliation.list_findings", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        filter: &FindingFilter,
        page: PageRequest<FindingId>,
    ) -> Result<Page<Finding, FindingId>, UseCaseError> {
        demand(actor, team, Permission::EnvironmentView)?;
        Ok(self.read_model.list_findings(team, filter, page).await?)
    }
}
