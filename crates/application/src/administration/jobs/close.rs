//! Ending a job that waits for a person.

use super::super::{Administrator, not_committed};
use super::{audit_detail, find_waiting, raced, with_note};
use crate::UseCaseError;
use crate::jobs::cancel::give_intent_up;
use crate::workflows::journal::Journal;
use crate::workflows::{WorkflowCatalog, plan};
use domain::audit::AuditEvent;
use domain::error_code::ErrorCode;
use domain::ids::JobId;
use domain::job::{Job, JobFailure, JobLogLevel};
use domain::ports::{IdSource, JobQueue, ReadModel, UnitOfWork, WritePriority, new_id};
use std::sync::Arc;

/// Ends jobs that wait for a person as failed.
#[derive(Clone)]
pub struct CloseJob {
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// What the job is.
    pub read_model: Arc<dyn ReadModel>,
    /// What it did.
    pub job_queue: Arc<dyn JobQueue>,
    /// Identifiers.
    pub ids: Arc<dyn IdSource>,
}

impl CloseJob {
    /// Nothing more is done on the platform. Returns the steps that stand, or may stand, there; the job's
    /// failure names them. The environment is free for other jobs; one that was to be built is given up,
    /// one that was to be deleted is what it was. `job-state-conflict` when the job waits for nobody.
    #[tracing::instrument(name = "usecase.administration.close_job", skip_all)]
    pub async fn run(
        &self,
        administrator: &Administrator,
        job: JobId,
        note: Option<&str>,
    ) -> Result<Vec<String>, UseCaseError> {
        let job = find_waiting(&*self.read_model, job).await?;
        let journal = Journal::new(self.job_queue.load_journal(job.id).await?);
        let failure = failure(&job, &journal, note);

        let mut transaction = self.unit_of_work.begin(WritePriority::Interactive).await?;
        let jobs = transaction.jobs();
        if !jobs.close_job(job.team_id, job.id, &failure).await? {
            return Err(raced());
        }
        let line = with_note("those who run the service ended it as it is", note);
        jobs.append_job_log(job.team_id, job.id, JobLogLevel::Error, &line)
            .await?;
        give_intent_up(&mut *transaction, &job).await?;
        let event = AuditEvent::at_command_line(new_id(&*self.ids), "job.fail", job.id.to_string())
            .in_team(job.team_id)
            .with_detail(audit_detail(administrator, note));
        transaction.audit().append_audit_event(&event).await?;
        transaction.commit().await.map_err(not_committed)?;
        Ok(failure.remaining)
    }
}

/// Why it was being undone, or what was in doubt.
fn failure(job: &Job, journal: &Journal, note: Option<&str>) -> JobFailure {
    // Of a job that cannot be read it is not known what it changed.
    let remaining = WorkflowCatalog::workflow_of(job)
        .map(|workflow| plan::standing(workflow.steps(), journal))
        .unwrap_or_default();
    let ended = with_note("ended by those who run the service", note);
    match (&job.failure, &job.attention) {
        (Some(failure), _) => JobFailure {
            detail: format!("{}; {ended}", failure.detail),
            remaining,
            ..failure.clone()
        },
        (None, attention) => JobFailure {
            code: attention
                .as_ref()
                .map_or(ErrorCode::NeedsAttention, |attention| attention.code),
            step: attention.as_ref().and_then(|it| it.step.clone()),
            platform_code: None,
            is_retryable: false,
            detail: ended,
            remaining,
        },
    }
}
