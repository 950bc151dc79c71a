//! A call of a worker that was replaced while the call was under way. Whoever took the job over may have made
//! the call again, because as far as it could know the first one never left. The platform checks no fence, so
//! this cannot be prevented; but it is never silent.

use super::{Run, RunError, WorkflowRunner, label};
use domain::job::JobLogLevel;
use domain::job::journal::NewStepAttempt;
use domain::ports::{Observation, StoreError, WritePriority};

impl WorkflowRunner {
    /// Passes the end of a run on. When the hold was lost after the call may have left, and the step was tried
    /// again since, the job's log says that it may have happened twice.
    pub(super) async fn unless_lost_in_call<T>(
        &self,
        run: &Run<'_>,
        attempt: &NewStepAttempt,
        end: Result<T, RunError>,
    ) -> Result<T, RunError> {
        if let Err(RunError::HoldLost) = &end
            && let Err(error) = self.tell_of_late_call(run, attempt).await
        {
            tracing::error!(
                job.id = %run.job.id,
                step = attempt.step,
                error = %error,
                "a call of a replaced worker may have happened twice, and the job's log cannot say so"
            );
        }
        end
    }

    async fn tell_of_late_call(
        &self,
        run: &Run<'_>,
        attempt: &NewStepAttempt,
    ) -> Result<(), StoreError> {
        let attempts = self.job_queue.load_journal(run.job.id).await?;
        let mut of_step = attempts
            .iter()
            .filter(|it| it.step == attempt.step && it.direction == attempt.direction);
        let was_tried_again = of_step
            .next_back()
            .is_some_and(|newest| newest.id != attempt.id);
        if !was_tried_again {
            return Ok(());
        }
        let step = label(&attempt.step, attempt.direction);
        self.observer.observe(&Observation::CallWasLate);
        tracing::error!(
            job.id = %run.job.id,
            step,
            "a call of a replaced worker may have left after the step was tried again"
        );
        let message = format!(
            "{step}: a worker that had been replaced was still making this call when the step was tried again; \
             it may have happened twice"
        );
        let mut transaction = self.unit_of_work.begin(WritePriority::Worker).await?;
        let (team, job) = (run.job.team_id, run.job.id);
        transaction
            .jobs()
            .append_job_log(team, job, JobLogLevel::Warning, &message)
            .await?;
        transaction
            .commit()
            .await
            .map_err(|error| StoreError::Unavailable(Box::new(error)))
    }
}
