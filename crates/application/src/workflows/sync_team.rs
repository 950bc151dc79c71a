//! The sync of a team: one look at the platform beside what is known.

use super::context::JobContext;
use super::step::{Workflow, WorkflowStep};
use super::steps::{COMPARE, CompareWithPlatform};
use crate::reconciliation::Comparison;
use async_trait::async_trait;
use domain::job::JobEvent;
use domain::ports::{HeldTransaction, StoreError};
use std::time::Duration;

/// The steps of a sync, and when the next one comes.
pub(super) struct SyncWorkflow(Vec<WorkflowStep>);

impl SyncWorkflow {
    pub(super) fn new() -> Self {
        Self(vec![WorkflowStep::read(COMPARE, CompareWithPlatform)])
    }
}

#[async_trait]
impl Workflow for SyncWorkflow {
    fn steps(&self) -> &[WorkflowStep] {
        &self.0
    }

    fn is_about_an_environment(&self) -> bool {
        false
    }

    /// However it ended, the next one has its time; what was too much for one is gone on with at once.
    async fn end(
        &self,
        context: &JobContext<'_>,
        transaction: &mut dyn HeldTransaction,
        event: JobEvent,
    ) -> Result<(), StoreError> {
        let team = context.job.team_id;
        let comparison = context.journal.output_of::<Comparison>(COMPARE);
        let is_partial = comparison
            .and_then(Result::ok)
            .is_some_and(|comparison| comparison.is_partial);
        let next = if event == JobEvent::Succeeded && is_partial {
            Duration::ZERO
        } else {
            context.settings.sync.interval
        };
        let reconciliation = transaction.reconciliation();
        reconciliation.set_next_sync(team, next).await?;
        reconciliation.note_sync_ended(team).await
    }
}
