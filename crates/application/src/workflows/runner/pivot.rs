//! Steps without a way back: from the start of one on nobody cancels, and nothing is taken back.

use super::{Flow, Run, RunError, WorkflowRunner};
use crate::workflows::plan;
use crate::workflows::step::{Workflow, WorkflowStep};
use domain::ids::StepAttemptId;
use domain::job::journal::AttemptState;
use domain::job::{JobFailure, JobLogLevel};
use domain::ports::{JobJournal, StoreError};

/// Writes down that an attempt surely did not happen. When it was the only one without a way back, the
/// job can be cancelled again.
pub(super) async fn settle_as_not_done(
    run: &Run<'_>,
    workflow: &dyn Workflow,
    journal: &mut dyn JobJournal,
    attempt: StepAttemptId,
) -> Result<(), StoreError> {
    journal
        .settle_attempt(attempt, AttemptState::NotDone, None)
        .await?;
    let steps = workflow.steps();
    let has_pivot = steps.iter().any(WorkflowStep::is_pivot);
    if has_pivot && !plan::is_past_pivot(steps, &run.journal, Some(attempt)) {
        journal.clear_pivot().await?;
    }
    Ok(())
}

impl WorkflowRunner {
    /// What was asked for is done and only its result cannot be shown: the job has not failed. The
    /// projection is brought up to date by the next look at the platform.
    pub(super) async fn end_unseen(
        &self,
        run: &mut Run<'_>,
        workflow: &dyn Workflow,
        step: &str,
        failure: &JobFailure,
    ) -> Result<Flow, RunError> {
        let mut held = self.begin(run).await?;
        let message = format!(
            "{step} is left out: {}; what is shown of the environment may be older than the change",
            failure.detail
        );
        held.transaction
            .journal()
            .append_log(JobLogLevel::Warning, Some(step.to_owned()), &message)
            .await?;
        self.commit(run, held).await?;
        self.end(run, workflow).await
    }
}
