//! Asking for a sync.

use crate::UseCaseError;
use crate::authorisation::demand;
use crate::job_acceptance::{
    AcceptedJob, JobAcceptance, JobDraft, JobRequest, PlannedJob, usable_account,
};
use async_trait::async_trait;
use domain::access::{Actor, Permission};
use domain::ids::{JobId, TeamId};
use domain::job::{EncodedData, JobKind};
use domain::names::IdempotencyKey;
use domain::ports::Transaction;

#[cfg(test)]
mod tests;

/// Whose environments to compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncTeamCommand {
    /// The team.
    pub team_id: TeamId,
    /// The client's key for this request.
    pub idempotency_key: IdempotencyKey,
}

/// Accepts the wish for a sync.
#[derive(Clone)]
pub struct SyncTeam {
    /// Accepting jobs.
    pub acceptance: JobAcceptance,
}

/// A sync of the team. It takes no turn: it changes nothing on the platform, and whatever else goes on goes
/// first.
pub(crate) fn plan_sync(team: TeamId) -> PlannedJob {
    PlannedJob {
        kind: JobKind::TeamSync,
        environment_id: None,
        payload: EncodedData("{}".to_owned()),
        turns: Vec::new(),
        new_environment: None,
        audit_action: JobKind::TeamSync.as_str(),
        audit_target: team.to_string(),
        audit_detail: None,
        retry_of: None,
    }
}

struct Draft {
    team_id: TeamId,
}

#[async_trait]
impl JobDraft for Draft {
    async fn plan(
        &self,
        transaction: &mut dyn Transaction,
        _job: JobId,
    ) -> Result<PlannedJob, UseCaseError> {
        usable_account(transaction, self.team_id).await?;
        Ok(plan_sync(self.team_id))
    }

    async fn find_job_under_way(
        &self,
        transaction: &mut dyn Transaction,
    ) -> Result<Option<JobId>, UseCaseError> {
        Ok(transaction.jobs().find_live_sync(self.team_id).await?)
    }
}

impl SyncTeam {
    /// Demands `env.sync`. Idempotent by the key. A team has one sync at a time: while one is on its way,
    /// that one is the answer.
    #[tracing::instrument(name = "usecase.reconciliation.sync_team", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        command: SyncTeamCommand,
    ) -> Result<AcceptedJob, UseCaseError> {
        let team = command.team_id;
        let authorised = demand(actor, team, Permission::EnvironmentSync)?;
        let request = JobRequest {
            authorised,
            operation: JobKind::TeamSync.as_str(),
            key: &command.idempotency_key,
            content: team.to_string(),
        };
        let draft = Draft { team_id: team };
        self.acceptance.accept(request, &draft).await
    }
}
