//! Pausing changes of a team or on a platform, and letting them go on.

use super::{begin, event};
use crate::pauses::{KnownPlatforms, begin_pause, end_pause, team_of};
use crate::team_changes::finish_with;
use crate::{TeamChanges, UseCaseError};
use domain::access::{Person, Principal};
use domain::audit::AuditEvent;
use domain::names::PauseReason;
use domain::pause::{MutationPause, PauseScope};
use domain::ports::ReadModel;
use std::sync::Arc;

/// Begins pauses.
#[derive(Clone)]
pub struct PauseChanges {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
    /// What can be paused besides teams.
    pub platforms: KnownPlatforms,
}

/// Ends pauses.
#[derive(Clone)]
pub struct EndPause {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
}

/// Lists the pauses that last.
#[derive(Clone)]
pub struct ListPauses {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl PauseChanges {
    /// For operators. From the commit on no step of a job begins that goes forward; calls that are on their
    /// way end, and what is taken back is taken back. `pause-state-conflict` when it is paused already.
    #[tracing::instrument(name = "usecase.operators.pause_changes", skip_all)]
    pub async fn run(
        &self,
        person: &Person,
        scope: PauseScope,
        reason: PauseReason,
    ) -> Result<MutationPause, UseCaseError> {
        let (mut transaction, now) = begin(&self.changes, person).await?;
        let line = event(&self.changes, &now, "changes.pause", scope.id());
        let line = in_trail(line, &scope).with_detail(reason.as_str());
        let pause = MutationPause {
            scope,
            reason,
            paused_by: Principal::Operator(now.user.id),
            paused_at: self.changes.now(),
            ended_at: None,
        };
        begin_pause(&mut *transaction, &self.platforms, &pause).await?;
        finish_with(transaction, line, "list the pauses").await?;
        Ok(pause)
    }
}

impl EndPause {
    /// For operators. Jobs go on by themselves. `pause-state-conflict` when nothing is paused.
    #[tracing::instrument(name = "usecase.operators.end_pause", skip_all)]
    pub async fn run(&self, person: &Person, scope: PauseScope) -> Result<(), UseCaseError> {
        let (mut transaction, now) = begin(&self.changes, person).await?;
        end_pause(&mut *transaction, &scope, self.changes.now()).await?;
        let line = event(&self.changes, &now, "changes.resume", scope.id());
        finish_with(transaction, in_trail(line, &scope), "list the pauses").await
    }
}

impl ListPauses {
    /// For operators. Written into the system's trail.
    #[tracing::instrument(name = "usecase.operators.list_pauses", skip_all)]
    pub async fn run(&self, person: &Person) -> Result<Vec<MutationPause>, UseCaseError> {
        let (transaction, now) = begin(&self.changes, person).await?;
        let target = now.user.id.to_string();
        let line = event(&self.changes, &now, "operator.list_pauses", target);
        finish_with(transaction, line, "list the pauses").await?;
        Ok(self.read_model.list_lasting_pauses().await?)
    }
}

fn in_trail(line: AuditEvent, scope: &PauseScope) -> AuditEvent {
    match team_of(scope) {
        Some(team) => line.in_team(team),
        None => line,
    }
}
