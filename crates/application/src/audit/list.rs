//! The trail of a team, page by page.

use crate::UseCaseError;
use crate::authorisation::demand;
use domain::access::{Actor, Permission};
use domain::audit::AuditRecord;
use domain::ids::TeamId;
use domain::page::{Page, PageRequest};
use domain::ports::{AuditFilter, ReadModel};
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Lists lines of a team's audit trail.
#[derive(Clone)]
pub struct ListAuditEvents {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl ListAuditEvents {
    /// Demands `audit.view`. Newest first; the page goes on before a sequence.
    #[tracing::instrument(name = "usecase.audit.list_audit_events", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        filter: &AuditFilter,
        page: PageRequest<i64>,
    ) -> Result<Page<AuditRecord, i64>, UseCaseError> {
        demand(actor, team, Permission::AuditView)?;
        let lines = self.read_model.list_audit_events(Some(team), filter, page);
        Ok(lines.await?)
    }
}
