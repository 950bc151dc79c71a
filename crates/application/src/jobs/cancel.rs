//! Asking a job to stop and to take back what it did.

use crate::UseCaseError;
use crate::authorisation::demand;
use crate::workflows::payloads::{DeletePayload, decode};
use domain::access::{Actor, Permission};
use domain::audit::AuditEvent;
use domain::environment::EnvironmentEvent;
use domain::error_code::ErrorCode;
use domain::ids::{JobId, TeamId};
use domain::job::{Job, JobKind, JobState};
use domain::ports::{
    CancelAnswer, Clock, EventBus, IdSource, JobChanged, Transaction, UnitOfWork, WakeUp, new_id,
};
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Cancels a job.
#[derive(Clone)]
pub struct CancelJob {
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// Change notices.
    pub events: Arc<dyn EventBus>,
    /// Tells the workers.
    pub wake_up: Arc<dyn WakeUp>,
    /// Identifiers.
    pub ids: Arc<dyn IdSource>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

impl CancelJob {
    /// Demands `job.cancel`. A job that has not begun is cancelled at once, in this transaction; a
    /// running one sees the wish at its next boundary and undoes. `cancel-too-late` when it has
    /// ended. Idempotent: asking again while it is being undone changes nothing.
    #[tracing::instrument(name = "usecase.jobs.cancel_job", skip_all)]
    pub async fn run(&self, actor: &Actor, team: TeamId, job: JobId) -> Result<Job, UseCaseError> {
        let authorised = demand(actor, team, Permission::JobCancel)?;
        let mut transaction = authorised.begin(&*self.unit_of_work, &*self.clock).await?;
        let found = transaction.jobs().find_job(team, job).await?;
        found.ok_or_else(UseCaseError::not_found)?;
        match transaction.jobs().cancel_job(team, job).await? {
            CancelAnswer::TooLate => {
                return Err(UseCaseError::new(
                    ErrorCode::CancelTooLate,
                    "the job has ended or cannot be taken back any more",
                )
                .with_job(job));
            }
            CancelAnswer::Requested => {}
            CancelAnswer::Cancelled => undo_intent(&mut *transaction, team, job).await?,
        }
        let event = AuditEvent::accepted(new_id(&*self.ids), actor, "job.cancel", job.to_string());
        transaction.audit().append_audit_event(&event).await?;
        let changed = transaction.jobs().find_job(team, job).await?;
        let changed = changed.ok_or_else(UseCaseError::not_found)?;
        let committed = transaction.commit().await;
        committed
            .map_err(|error| UseCaseError::from_commit(error, "read the job").with_job(job))?;
        self.events
            .publish(JobChanged {
                team_id: team,
                job_id: job,
            })
            .await;
        self.wake_up.wake().await;
        Ok(changed)
    }
}

/// What a job intended and never began: an environment that will not be built frees
/// its name, and one that will not be deleted stays what it was.
async fn undo_intent(
    transaction: &mut dyn Transaction,
    team: TeamId,
    job: JobId,
) -> Result<(), UseCaseError> {
    let Some(job) = transaction.jobs().find_job(team, job).await? else {
        return Ok(());
    };
    give_intent_up(transaction, &job).await
}

/// Takes back the mark that accepting the job left on its environment, and lets go of what a person
/// had to look at.
pub(crate) async fn give_intent_up(
    transaction: &mut dyn Transaction,
    job: &Job,
) -> Result<(), UseCaseError> {
    let (team, event) = (job.team_id, undoing_event(job));
    let Some(id) = job.environment_id else {
        return Ok(());
    };
    if event.is_none() && job.state != JobState::NeedsAttention {
        return Ok(());
    }
    let Some(mut environment) = transaction
        .environments()
        .find_environment(team, id)
        .await?
    else {
        return Ok(());
    };
    let state = event.and_then(|event| environment.state.after(event).ok());
    let is_held = environment.held_by == Some(job.id);
    if state.is_some() || is_held {
        environment.state = state.unwrap_or(environment.state);
        environment.held_by = environment.held_by.filter(|_| !is_held);
        transaction
            .environments()
            .update_environment(&environment)
            .await?;
    }
    Ok(())
}

/// What takes back the mark that accepting the job left on its environment.
fn undoing_event(job: &Job) -> Option<EnvironmentEvent> {
    match job.kind {
        JobKind::EnvironmentProvision | JobKind::EnvironmentClone => {
            Some(EnvironmentEvent::ProvisioningUndone)
        }
        JobKind::EnvironmentDelete => {
            let payload: DeletePayload = decode(&job.payload).ok()?;
            let before = payload.state_before().ok()?;
            Some(EnvironmentEvent::DeletionGivenUp(before))
        }
        _ => None,
    }
}
