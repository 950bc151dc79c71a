//! Letting a job go on that waits for a person.

use super::super::{Administrator, not_committed};
use super::{audit_detail, find_waiting, raced, with_note};
use crate::UseCaseError;
use crate::job_acceptance::turns_of_job;
use crate::workflows::journal::Journal;
use crate::workflows::payloads::{Findings, StoredVerdict, decode, encode_own};
use crate::workflows::step::{MutationStep, ProofClass, Workflow};
use crate::workflows::{WorkflowCatalog, plan};
use domain::audit::AuditEvent;
use domain::error_code::ErrorCode;
use domain::ids::{JobId, StepAttemptId};
use domain::job::journal::StepAttempt;
use domain::job::{EncodedData, Job, JobLogLevel};
use domain::ports::{
    Clock, IdSource, JobQueue, ReadModel, Transaction, UnitOfWork, WritePriority, new_id,
};
use std::sync::Arc;

/// What a person says about the step in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonsWord {
    /// Nothing: the platform is asked once more, with new patience.
    LookAgain,
    /// It happened.
    Happened,
    /// It did not happen, and will not: it is sent again.
    DidNotHappen,
}

impl PersonsWord {
    fn action(self) -> &'static str {
        match self {
            Self::LookAgain => "job.retry",
            Self::Happened | Self::DidNotHappen => "job.resolve",
        }
    }

    fn log_line(self) -> &'static str {
        match self {
            Self::LookAgain => "those who run the service let it go on",
            Self::Happened => "those who run the service found out that it happened",
            Self::DidNotHappen => "those who run the service found out that it did not happen",
        }
    }
}

/// Puts jobs that wait for a person back into the queue.
#[derive(Clone)]
pub struct ReopenJob {
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// What the job is.
    pub read_model: Arc<dyn ReadModel>,
    /// What it did.
    pub job_queue: Arc<dyn JobQueue>,
    /// Identifiers.
    pub ids: Arc<dyn IdSource>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

impl ReopenJob {
    /// The job goes on where it stands, at the end of its lines; its environment is free for it. Of two
    /// who decide at once one is refused with `job-state-conflict`, like whoever names a job that waits
    /// for nobody. In the team's audit trail and in the job's log.
    #[tracing::instrument(name = "usecase.administration.reopen_job", skip_all)]
    pub async fn run(
        &self,
        administrator: &Administrator,
        job: JobId,
        word: PersonsWord,
        note: Option<&str>,
    ) -> Result<(), UseCaseError> {
        let job = find_waiting(&*self.read_model, job).await?;
        let workflow = WorkflowCatalog::workflow_of(&job).map_err(|error| {
            let detail = "this version cannot read the job; `fail` ends it";
            UseCaseError::new(ErrorCode::JobUnrunnable, detail).caused_by(error)
        })?;
        let journal = Journal::new(self.job_queue.load_journal(job.id).await?);
        let verdict = self.verdict(&*workflow, &journal, word)?;
        let is_past_pivot = plan::is_past_pivot(workflow.steps(), &journal, None);

        let mut transaction = self.unit_of_work.begin(WritePriority::Interactive).await?;
        let turns = turns_of_job(&job);
        let jobs = transaction.jobs();
        if !jobs
            .reopen_job(job.team_id, job.id, &turns, is_past_pivot)
            .await?
        {
            return Err(raced());
        }
        if let Some((attempt, findings)) = verdict
            && !jobs.record_verdict(job.id, attempt, &findings).await?
        {
            return Err(raced());
        }
        let line = with_note(word.log_line(), note);
        jobs.append_job_log(job.team_id, job.id, JobLogLevel::Info, &line)
            .await?;
        let_go(&mut *transaction, &job).await?;
        let event =
            AuditEvent::at_command_line(new_id(&*self.ids), word.action(), job.id.to_string())
                .in_team(job.team_id)
                .with_detail(audit_detail(administrator, note));
        transaction.audit().append_audit_event(&event).await?;
        transaction.commit().await.map_err(not_committed)
    }

    /// What is written to the attempt in doubt.
    fn verdict(
        &self,
        workflow: &dyn Workflow,
        journal: &Journal,
        word: PersonsWord,
    ) -> Result<Option<(StepAttemptId, EncodedData)>, UseCaseError> {
        let Some(attempt) = journal.in_doubt() else {
            return match word {
                PersonsWord::LookAgain => Ok(None),
                PersonsWord::Happened | PersonsWord::DidNotHappen => Err(UseCaseError::new(
                    ErrorCode::JobStateConflict,
                    "no step of the job is in doubt; `retry` lets it go on",
                )),
            };
        };
        let before = attempt.findings.as_ref();
        let mut findings: Findings = before
            .and_then(|data| decode(data).ok())
            .unwrap_or_default();
        findings.reopened_at = Some(self.clock.now().as_microsecond());
        findings.verdict = match word {
            PersonsWord::LookAgain => None,
            PersonsWord::DidNotHappen => Some(StoredVerdict::DidNotHappen),
            PersonsWord::Happened => {
                check_that_a_word_is_enough(workflow, attempt)?;
                Some(StoredVerdict::Happened)
            }
        };
        Ok(Some((attempt.id, encode_own(&findings))))
    }
}

/// What later steps need of a creation or an installation stands on the platform only.
fn check_that_a_word_is_enough(
    workflow: &dyn Workflow,
    attempt: &StepAttempt,
) -> Result<(), UseCaseError> {
    let step = workflow.steps().iter().find(|it| it.name == attempt.step);
    let proof = step
        .and_then(|step| step.mutation(attempt.direction))
        .map(MutationStep::proof);
    if matches!(proof, Some(ProofClass::Blind | ProofClass::DesiredState)) {
        return Ok(());
    }
    Err(UseCaseError::new(
        ErrorCode::JobStateConflict,
        format!(
            "the job has to find the result of `{}` itself; `retry` lets it look again",
            attempt.step
        ),
    ))
}

/// The environment is free again for the job that held it.
async fn let_go(transaction: &mut dyn Transaction, job: &Job) -> Result<(), UseCaseError> {
    let Some(id) = job.environment_id else {
        return Ok(());
    };
    let environments = transaction.environments();
    let found = environments.find_environment(job.team_id, id).await?;
    if let Some(mut environment) = found.filter(|it| it.held_by == Some(job.id)) {
        environment.held_by = None;
        environments.update_environment(&environment).await?;
    }
    Ok(())
}
