//! One job, now or as soon as it comes to rest.

use crate::UseCaseError;
use crate::authorisation::demand;
use domain::access::{Actor, Permission};
use domain::ids::{JobId, TeamId};
use domain::limits;
use domain::ports::{Clock, EventBus, JobDetails, ReadModel};
use std::sync::Arc;
use std::time::Duration;

#[cfg(test)]
mod tests;

/// Notices can be lost; between them the row is read this often.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// Reads one job.
#[derive(Clone)]
pub struct GetJob {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
    /// Change notices.
    pub events: Arc<dyn EventBus>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

impl GetJob {
    /// Demands `job.view`. Returns at once, or, with `wait`, when the job has come to rest or the
    /// time (at most a minute) is over. Waiting holds no connection to the store.
    #[tracing::instrument(name = "usecase.jobs.get_job", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        job: JobId,
        wait: Option<Duration>,
    ) -> Result<JobDetails, UseCaseError> {
        demand(actor, team, Permission::JobView)?;
        let wait = wait.unwrap_or_default().min(limits::PREFER_WAIT_MAX);
        let deadline = self.clock.instant().plus(wait);
        // Listening starts before the first read, so that no change falls in between.
        let mut subscription = (!wait.is_zero()).then(|| self.events.subscribe());
        loop {
            let found = self.read_model.find_job(team, job).await?;
            let found = found.ok_or_else(UseCaseError::not_found)?;
            let left = self.clock.instant().until(deadline);
            match &mut subscription {
                Some(subscription) if !found.job.state.is_at_rest() && !left.is_zero() => {
                    subscription.changed(job, left.min(POLL_INTERVAL)).await;
                }
                _ => return Ok(found),
            }
        }
    }
}
