//! Pauses: while one lasts nothing new is begun, and patience does not run. Settling and taking back go on.

use super::{Run, RunError, WorkflowRunner};
use crate::workflows::step::NotDone;
use domain::job::WaitReason;
use domain::pause::TeamPauses;
use domain::ports::Transaction;
use jiff::Timestamp;
use std::time::Duration;

/// A paused job looks again this often: soon enough for people, seldom enough for a queue full of them.
const PAUSE_POLL: Duration = Duration::from_secs(5);

impl WorkflowRunner {
    /// Whether a pause lasts, asked before the platform is asked anything: it may be down for just that
    /// reason. What counts is [`Self::paused`].
    pub(super) async fn paused_by_now(&self, run: &Run<'_>) -> Result<Option<NotDone>, RunError> {
        let pauses = self.read_model.find_pauses_of_team(run.job.team_id);
        Ok(waiting(pauses.await?))
    }

    /// Whether a pause lasts. None can be committed before the transaction has ended, so no step begins
    /// after one.
    pub(super) async fn paused(
        &self,
        run: &Run<'_>,
        transaction: &mut dyn Transaction,
    ) -> Result<Option<NotDone>, RunError> {
        let pauses = transaction.pauses().lock_pauses_of_team(run.job.team_id);
        Ok(waiting(pauses.await?))
    }

    /// Whether patience that counts from `since` has run out. It stands still during a pause, and begins
    /// anew when one has ended.
    pub(super) async fn is_patience_over(
        &self,
        run: &Run<'_>,
        since: Timestamp,
    ) -> Result<bool, RunError> {
        if !self.is_too_long_ago(since) {
            return Ok(false);
        }
        let pauses = self.read_model.find_pauses_of_team(run.job.team_id).await?;
        let is_over_since_pause = pauses
            .last_ended_at
            .is_none_or(|ended_at| self.is_too_long_ago(ended_at));
        Ok(pauses.lasting.is_none() && is_over_since_pause)
    }

    fn is_too_long_ago(&self, at: Timestamp) -> bool {
        at.checked_add(self.settings.patience)
            .is_ok_and(|limit| self.clock.now() > limit)
    }
}

fn waiting(pauses: TeamPauses) -> Option<NotDone> {
    pauses.lasting.map(|pause| NotDone::Later {
        reason: WaitReason::Paused,
        after: PAUSE_POLL,
        detail: format!(
            "those who run the service have paused changes: {}",
            pause.reason
        ),
    })
}
