//! A step that is not done, and what follows from it.

use super::pivot::settle_as_not_done;
use super::{Flow, Run, RunEnd, RunError, WorkflowRunner, label};
use crate::workflows::plan;
use crate::workflows::step::{NotDone, Workflow};
use domain::ids::StepAttemptId;
use domain::job::journal::{AttemptState, Direction};
use domain::job::{JobEvent, JobLogLevel};
use domain::ports::StepOutcome;

impl WorkflowRunner {
    /// A step that is not done: wait, undo, or call a person.
    pub(super) async fn not_done(
        &self,
        run: &mut Run<'_>,
        workflow: &dyn Workflow,
        step: &str,
        direction: Direction,
        attempt: Option<StepAttemptId>,
        not_done: NotDone,
    ) -> Result<Flow, RunError> {
        let not_done = self.lose_patience(run, direction, not_done).await?;
        if let Some(id) = attempt {
            run.journal.settle(id, AttemptState::NotDone, None);
        }
        match not_done {
            NotDone::Attention { detail } => {
                self.call_for_attention(run, workflow, step, attempt, detail)
                    .await
            }
            NotDone::Failed(failure) if direction == Direction::Undo => {
                let detail = format!("it could not be taken back: {}", failure.detail);
                self.call_for_attention(run, workflow, step, attempt, detail)
                    .await
            }
            NotDone::Failed(failure)
                if attempt.is_none()
                    && plan::has_only_reads_left(workflow.steps(), &run.journal) =>
            {
                self.end_unseen(run, workflow, step, &failure).await
            }
            NotDone::Failed(mut failure) => {
                failure.step = Some(step.to_owned());
                let mut held = self.begin(run).await?;
                let journal = held.transaction.journal();
                if let Some(id) = attempt {
                    settle_as_not_done(run, workflow, journal, id).await?;
                }
                journal.set_failure(&failure).await?;
                let message = format!("{step} failed: {}", failure.detail);
                journal
                    .append_log(JobLogLevel::Error, Some(step.to_owned()), &message)
                    .await?;
                self.commit(run, held).await?;
                self.observe_step(run, step, StepOutcome::Failed, None);
                run.job.failure = Some(failure);
                Ok(Flow::Continue)
            }
            NotDone::Later {
                reason,
                after,
                detail,
            } => {
                let is_new = run.job.waiting_for.as_ref() != Some(&reason);
                let mut held = self.begin(run).await?;
                let journal = held.transaction.journal();
                if let Some(id) = attempt {
                    settle_as_not_done(run, workflow, journal, id).await?;
                }
                if is_new {
                    let message = format!("{} waits: {detail}", label(step, direction));
                    journal
                        .append_log(JobLogLevel::Info, Some(step.to_owned()), &message)
                        .await?;
                }
                journal.give_back(JobEvent::Parked, reason, after).await?;
                self.commit(run, held).await?;
                self.observe_step(run, step, StepOutcome::PutOff, None);
                Ok(Flow::Ended(RunEnd::GivenBack))
            }
        }
    }
}
