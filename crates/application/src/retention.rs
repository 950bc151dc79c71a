//! How long what has ended is kept, and its removal.

use crate::UseCaseError;
use domain::ports::{Perishable, RetentionStore};
use std::sync::Arc;
use std::time::Duration;

#[cfg(test)]
mod tests;

/// Rows, or jobs with their rows, in one transaction: some milliseconds of the one writer that an embedded
/// database has.
const BATCH: u32 = 50;
/// A request can be repeated for so long after the end of its job.
const REQUESTS_KEPT: Duration = Duration::from_hours(24);
/// Syncs that came by themselves are kept for so long: what they found is kept apart.
const SYNCS_KEPT: Duration = Duration::from_hours(24);
/// What has expired is kept for questions that people ask later.
const EXPIRED_KEPT: Duration = Duration::from_hours(24 * 30);

/// Removes what is old. Audit trails are not among it: each line seals the one before.
#[derive(Clone)]
pub struct PurgeOldData {
    /// The store.
    pub store: Arc<dyn RetentionStore>,
    /// How long finished jobs are kept.
    pub jobs_kept: Duration,
    /// How long events of teams are kept, and what was sent to webhooks.
    pub events_kept: Duration,
}

impl PurgeOldData {
    /// How many there are to remove, of each.
    pub async fn count(&self) -> Result<Vec<(Perishable, u64)>, UseCaseError> {
        let mut counts = Vec::new();
        for what in Perishable::ALL {
            let count = self.store.count_older(what, self.kept(what)).await?;
            counts.push((what, count));
        }
        Ok(counts)
    }

    /// Removes one batch of that, and says how many; 0 when nothing is left.
    pub async fn purge_batch(&self, what: Perishable) -> Result<u64, UseCaseError> {
        let kept = self.kept(what);
        Ok(self.store.purge_older(what, kept, BATCH).await?)
    }

    fn kept(&self, what: Perishable) -> Duration {
        match what {
            Perishable::FinishedJobs | Perishable::ClosedFindings => self.jobs_kept,
            Perishable::ScheduledSyncs => SYNCS_KEPT.min(self.jobs_kept),
            Perishable::SettledRequests => REQUESTS_KEPT.min(self.jobs_kept),
            Perishable::TeamEvents | Perishable::WebhookDeliveries => self.events_kept,
            Perishable::BrowserSessions
            | Perishable::EmailLinks
            | Perishable::LoginThrottles
            | Perishable::Invitations
            | Perishable::TeamDeletions
            | Perishable::OwnershipOffers => EXPIRED_KEPT,
        }
    }
}
