//! Removing now what is old.

use super::{Administrator, not_committed};
use crate::UseCaseError;
use crate::retention::PurgeOldData;
use domain::audit::AuditEvent;
use domain::ports::{IdSource, Perishable, UnitOfWork, WritePriority, new_id};
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Removes what the service removes by itself once an hour.
#[derive(Clone)]
pub struct PurgeByHand {
    /// What is old.
    pub purge: PurgeOldData,
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// Identifiers.
    pub ids: Arc<dyn IdSource>,
}

impl PurgeByHand {
    /// Removes everything that is old, batch by batch, and says how many there were of each. The trail of the system
    /// has a line about it first: whoever looks for what is gone finds who asked. Idempotent.
    #[tracing::instrument(name = "usecase.administration.purge_by_hand", skip_all)]
    pub async fn run(
        &self,
        administrator: &Administrator,
    ) -> Result<Vec<(Perishable, u64)>, UseCaseError> {
        let mut transaction = self.unit_of_work.begin(WritePriority::Interactive).await?;
        let event = AuditEvent::at_command_line(new_id(&*self.ids), "data.purge", "system")
            .with_detail(administrator.detail());
        transaction.audit().append_audit_event(&event).await?;
        transaction.commit().await.map_err(not_committed)?;
        let mut counts = Vec::new();
        for what in Perishable::ALL {
            let mut total = 0;
            loop {
                let count = self.purge.purge_batch(what).await?;
                total += count;
                if count == 0 {
                    break;
                }
            }
            counts.push((what, total));
        }
        Ok(counts)
    }
}
