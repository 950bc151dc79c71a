//! Pausing changes of a team or on a platform, from a shell.

use super::{Administrator, not_committed};
use crate::UseCaseError;
use crate::pauses::{KnownPlatforms, begin_pause, end_pause, team_of};
use domain::access::Principal;
use domain::audit::AuditEvent;
use domain::names::PauseReason;
use domain::pause::{MutationPause, PauseScope};
use domain::ports::{Clock, IdSource, Transaction, UnitOfWork, WritePriority, new_id};
use std::sync::Arc;

/// Begins and ends pauses.
#[derive(Clone)]
pub struct PauseChanges {
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// Identifiers.
    pub ids: Arc<dyn IdSource>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// What can be paused besides teams.
    pub platforms: KnownPlatforms,
}

impl PauseChanges {
    /// From the commit on no step of a job begins that goes forward. `pause-state-conflict` when it is
    /// paused already.
    pub async fn pause(
        &self,
        administrator: &Administrator,
        scope: PauseScope,
        reason: PauseReason,
    ) -> Result<(), UseCaseError> {
        let mut transaction = self.unit_of_work.begin(WritePriority::Interactive).await?;
        let detail = format!("{}, {reason}", administrator.detail());
        let pause = MutationPause {
            scope,
            reason,
            paused_by: Principal::CommandLine,
            paused_at: self.clock.now(),
            ended_at: None,
        };
        begin_pause(&mut *transaction, &self.platforms, &pause).await?;
        self.finish(transaction, "changes.pause", &pause.scope, detail)
            .await
    }

    /// Jobs go on by themselves. `pause-state-conflict` when nothing is paused.
    pub async fn resume(
        &self,
        administrator: &Administrator,
        scope: &PauseScope,
    ) -> Result<(), UseCaseError> {
        let mut transaction = self.unit_of_work.begin(WritePriority::Interactive).await?;
        end_pause(&mut *transaction, scope, self.clock.now()).await?;
        let detail = administrator.detail();
        self.finish(transaction, "changes.resume", scope, detail)
            .await
    }

    async fn finish(
        &self,
        mut transaction: Box<dyn Transaction>,
        action: &str,
        scope: &PauseScope,
        detail: String,
    ) -> Result<(), UseCaseError> {
        let event = AuditEvent::at_command_line(new_id(&*self.ids), action, scope.id());
        let event = match team_of(scope) {
            Some(team) => event.in_team(team),
            None => event,
        };
        let event = event.with_detail(detail);
        transaction.audit().append_audit_event(&event).await?;
        transaction.commit().await.map_err(not_committed)
    }
}
