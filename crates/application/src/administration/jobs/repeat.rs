//! Letting a job go on, or doing it once more when it came to nothing.

use super::super::Administrator;
use super::{PersonsWord, ReopenJob, audit_detail, find_job};
use crate::UseCaseError;
use crate::jobs::RetryJob;
use domain::access::{Actor, Permission, Principal, RequestOrigin};
use domain::error_code::ErrorCode;
use domain::ids::{JobId, TeamId};
use domain::job::{Job, JobState};
use domain::names::IdempotencyKey;
use domain::ports::{WritePriority, new_id};

#[cfg(test)]
mod tests;

/// What became of the wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeated {
    /// The job waited for a person and goes on.
    GoesOn,
    /// The job had come to nothing; this new one does the same.
    DoneOnceMoreBy(JobId),
}

/// Retries jobs of any team.
#[derive(Clone)]
pub struct RepeatJob {
    /// For jobs that wait for a person.
    pub reopen: ReopenJob,
    /// For jobs that failed or were cancelled.
    pub retry: RetryJob,
}

impl RepeatJob {
    /// A job that waits for a person goes on in place; one that failed or was cancelled is done once more as a
    /// new job, with everything checked anew but rights, which whoever is at the machine does not need. Each
    /// call is a wish of its own: while the new job is not at its end, `job-state-conflict`. A job in another
    /// state is refused with `job-state-conflict`, a suspended team with `team-suspended`. In the team's audit
    /// trail.
    #[tracing::instrument(name = "usecase.administration.repeat_job", skip_all)]
    pub async fn run(
        &self,
        administrator: &Administrator,
        job: JobId,
        note: Option<&str>,
    ) -> Result<Repeated, UseCaseError> {
        let found = find_job(&*self.reopen.read_model, job).await?.job;
        if !matches!(found.state, JobState::Failed | JobState::Cancelled) {
            let word = PersonsWord::LookAgain;
            self.reopen.run(administrator, job, word, note).await?;
            return Ok(Repeated::GoesOn);
        }
        self.check_not_suspended(found.team_id).await?;
        let actor = self.at_command_line(&found);
        let key = self.fresh_key()?;
        let detail = audit_detail(administrator, note);
        let accepted = self
            .retry
            .run_in_words(&actor, &found, &key, Some(detail))
            .await?;
        Ok(Repeated::DoneOnceMoreBy(accepted.job.id))
    }

    /// Whoever is at the machine, with what this one job needs and no more.
    fn at_command_line(&self, job: &Job) -> Actor {
        let demanded = job.required_permissions.iter();
        let permissions = demanded.chain([Permission::JobRetry]).collect();
        let origin = RequestOrigin {
            request_id: new_id(&*self.reopen.ids),
            client_address: None,
            user_agent: None,
        };
        Actor::new(job.team_id, Principal::CommandLine, permissions, origin)
    }

    fn fresh_key(&self) -> Result<IdempotencyKey, UseCaseError> {
        let id: JobId = new_id(&*self.reopen.ids);
        IdempotencyKey::parse(&id.to_string()).map_err(|error| {
            UseCaseError::new(ErrorCode::InternalError, "an internal error occurred")
                .caused_by(error)
        })
    }

    async fn check_not_suspended(&self, team: TeamId) -> Result<(), UseCaseError> {
        let priority = WritePriority::Interactive;
        let mut transaction = self.reopen.unit_of_work.begin(priority).await?;
        let found = transaction.teams().find_team(team).await?;
        let team = found.ok_or_else(UseCaseError::not_found)?;
        if team.suspended_at.is_none() {
            return Ok(());
        }
        Err(UseCaseError::new(
            ErrorCode::TeamSuspended,
            "the team is suspended; resume it first",
        ))
    }
}
