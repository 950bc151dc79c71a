//! Bringing a job to rest, with what its end means for our own data, in one transaction.

use super::pivot::settle_as_not_done;
use super::{Flow, Run, RunEnd, RunError, WorkflowRunner};
use crate::workflows::plan;
use crate::workflows::step::{Action, NotDone, Workflow};
use domain::access::Principal;
use domain::audit::{AuditEvent, AuditOutcome};
use domain::crash_point::Moment;
use domain::error_code::ErrorCode;
use domain::ids::StepAttemptId;
use domain::job::journal::Direction;
use domain::job::{
    JobAttention, JobEvent, JobFailure, JobLogLevel, JobProgress, JobState, WaitReason,
};
use domain::ports::{HeldTransaction, StepOutcome, StoreError, new_id};

/// How tests call the end of a job.
const END: &str = "end";

impl WorkflowRunner {
    /// All steps are done, or all are taken back.
    pub(super) async fn end(
        &self,
        run: &mut Run<'_>,
        workflow: &dyn Workflow,
    ) -> Result<Flow, RunError> {
        let context = match self.context(run).await? {
            Ok(context) => context,
            Err(flow) => return Ok(flow),
        };
        let mut held = self.begin(run).await?;
        let is_cancel_requested = held.transaction.journal().is_cancel_requested().await?;
        let event = match (run.is_undoing(), is_cancel_requested) {
            // The wish came after the last step was planned: what was done is taken back first.
            (false, true) => {
                drop((held, context));
                run.job.is_cancel_requested = true;
                return Ok(Flow::Continue);
            }
            (false, false) => JobEvent::Succeeded,
            (true, true) => JobEvent::Cancelled,
            (true, false) => JobEvent::Failed,
        };
        workflow
            .end(&context, &mut *held.transaction, event)
            .await?;
        drop(context);
        let remaining = plan::remaining(workflow.steps(), &run.journal);
        let (level, message) = last_words(event, &remaining);
        let journal = held.transaction.journal();
        if event == JobEvent::Succeeded {
            journal.set_progress(&all_done(workflow)).await?;
        } else if let (false, Some(failure)) = (remaining.is_empty(), &mut run.job.failure) {
            failure.remaining = remaining;
            journal.set_failure(failure).await?;
        }
        journal.append_log(level, None, &message).await?;
        journal.come_to_rest(event).await?;
        let (outcome, direction) = if event == JobEvent::Succeeded {
            (AuditOutcome::Succeeded, Direction::Forward)
        } else {
            (AuditOutcome::Failed, Direction::Undo)
        };
        if !is_background_look(run, workflow) {
            self.audit_end(run, &mut *held.transaction, outcome).await?;
        }
        run.pass(END, direction, Moment::BeforeStarted);
        self.commit(run, held).await?;
        run.pass(END, direction, Moment::AfterJournal);
        tracing::info!(
            job.id = %run.job.id,
            job.kind = run.job.kind.as_str(),
            outcome = outcome.as_str(),
            "job ended"
        );
        let state = match event {
            JobEvent::Succeeded => JobState::Succeeded,
            JobEvent::Cancelled => JobState::Cancelled,
            _ => JobState::Failed,
        };
        Ok(Flow::Ended(RunEnd::AtRest(state)))
    }

    /// The truth cannot be found out: the job rests, its turns are free, and what it is about is held
    /// until a person has looked.
    pub(super) async fn call_for_attention(
        &self,
        run: &mut Run<'_>,
        workflow: &dyn Workflow,
        step: &str,
        attempt: Option<StepAttemptId>,
        detail: String,
    ) -> Result<Flow, RunError> {
        let context = match self.context(run).await? {
            Ok(context) => context,
            Err(flow) => return Ok(flow),
        };
        let mut held = self.begin(run).await?;
        if let Some(id) = attempt {
            settle_as_not_done(run, workflow, held.transaction.journal(), id).await?;
        }
        workflow
            .end(&context, &mut *held.transaction, JobEvent::AttentionNeeded)
            .await?;
        drop(context);
        let attention = JobAttention {
            code: ErrorCode::NeedsAttention,
            step: Some(step.to_owned()),
            detail,
        };
        self.rest_for_attention(run, &mut *held.transaction, &attention)
            .await?;
        self.commit(run, held).await?;
        self.observe_step(run, step, StepOutcome::Attention, None);
        tracing::warn!(job.id = %run.job.id, step, "a job needs attention");
        Ok(Flow::Ended(RunEnd::AtRest(JobState::NeedsAttention)))
    }

    /// A job that cannot be run at all is set aside, so that it never blocks another.
    pub(super) async fn set_aside(
        &self,
        run: &mut Run<'_>,
        code: ErrorCode,
        detail: &str,
    ) -> Result<RunEnd, RunError> {
        let mut held = self.begin(run).await?;
        if let Some(id) = run.job.environment_id {
            let environments = held.transaction.environments();
            if let Some(mut environment) =
                environments.find_environment(run.job.team_id, id).await?
            {
                environment.held_by = Some(run.job.id);
                environments.update_environment(&environment).await?;
            }
        }
        let attention = JobAttention {
            code,
            step: None,
            detail: detail.to_owned(),
        };
        self.rest_for_attention(run, &mut *held.transaction, &attention)
            .await?;
        self.commit(run, held).await?;
        tracing::error!(job.id = %run.job.id, reason = detail, "a job was set aside");
        Ok(RunEnd::AtRest(JobState::NeedsAttention))
    }

    async fn rest_for_attention(
        &self,
        run: &Run<'_>,
        transaction: &mut dyn HeldTransaction,
        attention: &JobAttention,
    ) -> Result<(), StoreError> {
        let journal = transaction.journal();
        journal.set_attention(attention).await?;
        journal
            .append_log(
                JobLogLevel::Error,
                attention.step.clone(),
                &attention.detail,
            )
            .await?;
        journal.come_to_rest(JobEvent::AttentionNeeded).await?;
        self.audit_end(run, transaction, AuditOutcome::Failed).await
    }

    async fn audit_end(
        &self,
        run: &Run<'_>,
        transaction: &mut dyn HeldTransaction,
        outcome: AuditOutcome,
    ) -> Result<(), StoreError> {
        let event = AuditEvent::by_system(
            new_id(&*self.ids),
            run.job.team_id,
            run.job.kind.as_str(),
            run.job.id.to_string(),
            outcome,
        );
        transaction.audit().append_audit_event(&event).await
    }

    /// Waiting for the platform has an end: a step that got nowhere for too long fails. Waiting for
    /// the owner has none, and neither has taking back; a pause costs none.
    pub(super) async fn lose_patience(
        &self,
        run: &Run<'_>,
        direction: Direction,
        not_done: NotDone,
    ) -> Result<NotDone, RunError> {
        let NotDone::Later { reason, detail, .. } = &not_done else {
            return Ok(not_done);
        };
        let code = match (reason, direction) {
            (WaitReason::PlatformWork, Direction::Forward) => ErrorCode::PlatformBusy,
            (WaitReason::PlatformUnavailable, Direction::Forward) => ErrorCode::PlatformUnavailable,
            _ => return Ok(not_done),
        };
        let since = run.journal.last_progress_at().or(run.job.started_at);
        let Some(since) = since else {
            return Ok(not_done);
        };
        if !self.is_patience_over(run, since).await? {
            return Ok(not_done);
        }
        Ok(NotDone::Failed(JobFailure {
            remaining: Vec::new(),
            code,
            step: None,
            platform_code: None,
            is_retryable: true,
            detail: format!("gave up waiting: {detail}"),
        }))
    }
}

/// Whether nobody asked for it and it changes nothing on the platform: every quarter of an hour and team, a
/// line about nothing would bury the others of the trail.
fn is_background_look(run: &Run<'_>, workflow: &dyn Workflow) -> bool {
    run.job.principal == Principal::System
        && workflow
            .steps()
            .iter()
            .all(|step| matches!(step.action, Action::Read(_)))
}

/// The line that ends the log of a job.
fn last_words(event: JobEvent, remaining: &[String]) -> (JobLogLevel, String) {
    match event {
        JobEvent::Succeeded => (JobLogLevel::Info, "the job is done".to_owned()),
        JobEvent::Cancelled => {
            let message = "the job is cancelled and taken back".to_owned();
            (JobLogLevel::Info, message)
        }
        _ if remaining.is_empty() => {
            let message = "the job failed and is taken back".to_owned();
            (JobLogLevel::Error, message)
        }
        _ => {
            let message = format!(
                "the job failed; there is no way back from what it did: {}",
                remaining.join(", ")
            );
            (JobLogLevel::Error, message)
        }
    }
}

fn all_done(workflow: &dyn Workflow) -> JobProgress {
    let total = u16::try_from(workflow.steps().len()).unwrap_or(u16::MAX);
    JobProgress {
        percent: 100,
        step: None,
        steps_done: total,
        steps_total: total,
    }
}
