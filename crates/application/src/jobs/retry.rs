//! Doing once more what a job that came to nothing was asked for, as a new job.

use crate::authorisation::{demand, demand_all};
use crate::environments::{plan_clone, plan_deletion};
use crate::job_acceptance::{
    AcceptedJob, JobAcceptance, JobDraft, JobRequest, PlannedJob, check_can_delete,
    standing_environment, team_key, usable_account,
};
use crate::reconciliation::plan_sync;
use crate::workflows::payloads::{
    ClonePayload, DecodeError, DeletePayload, PasswordPayload, SealedBytes, SealedVariables,
    SetVariablesPayload, decode, encode,
};
use crate::{CredentialCustody, UseCaseError};
use async_trait::async_trait;
use domain::access::{Actor, Permission};
use domain::environment::{Environment, EnvironmentState};
use domain::error_code::ErrorCode;
use domain::ids::{EnvironmentId, JobId, TeamId};
use domain::job::{Job, JobKind, JobState};
use domain::names::{IdempotencyKey, ShortDomain};
use domain::ports::{Transaction, new_id};
use domain::sealed::SealedSecret;
use jiff::Timestamp;

#[cfg(test)]
mod tests;

/// Accepts the wish to do a job once more.
#[derive(Clone)]
pub struct RetryJob {
    /// Accepting jobs.
    pub acceptance: JobAcceptance,
    /// Secrets of a job are sealed for that job alone.
    pub custody: CredentialCustody,
}

impl RetryJob {
    /// Demands `job.retry` and everything that the job had demanded. Only what has failed or was cancelled can
    /// be done once more, by one job at a time: else `job-state-conflict`. Whatever is checked when such a job
    /// is asked for is checked again now. Idempotent by the key.
    #[tracing::instrument(name = "usecase.jobs.retry_job", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        job: JobId,
        key: &IdempotencyKey,
    ) -> Result<AcceptedJob, UseCaseError> {
        demand(actor, team, Permission::JobRetry)?;
        let found = self.acceptance.read_model.find_job(team, job).await?;
        let job = found.ok_or_else(UseCaseError::not_found)?.job;
        self.run_in_words(actor, &job, key, None).await
    }

    /// The same for a job that was looked up, with words for the audit row.
    pub(crate) async fn run_in_words(
        &self,
        actor: &Actor,
        job: &Job,
        key: &IdempotencyKey,
        audit_detail: Option<String>,
    ) -> Result<AcceptedJob, UseCaseError> {
        let team = job.team_id;
        if !matches!(job.state, JobState::Failed | JobState::Cancelled) {
            let detail = format!(
                "the job is {}; only what has failed or was cancelled can be done once more",
                job.state.as_str()
            );
            return Err(UseCaseError::new(ErrorCode::JobStateConflict, detail).with_job(job.id));
        }
        let demanded = job.required_permissions.iter();
        let authorised = demand_all(actor, team, demanded.chain([Permission::JobRetry]))?;
        let draft = Draft {
            job,
            audit_detail,
            custody: &self.custody,
            environment_id: new_id(&*self.acceptance.ids),
            now: self.acceptance.clock.now(),
        };
        let request = JobRequest {
            authorised,
            operation: Permission::JobRetry.as_str(),
            key,
            content: format!("{team}\n{}", job.id),
        };
        self.acceptance.accept(request, &draft).await
    }
}

struct Draft<'a> {
    job: &'a Job,
    audit_detail: Option<String>,
    custody: &'a CredentialCustody,
    /// Of an environment that is to be built anew.
    environment_id: EnvironmentId,
    now: Timestamp,
}

#[async_trait]
impl JobDraft for Draft<'_> {
    async fn plan(
        &self,
        transaction: &mut dyn Transaction,
        job: JobId,
    ) -> Result<PlannedJob, UseCaseError> {
        let id = match (self.job.kind, self.job.environment_id) {
            (JobKind::TeamSync, _) => {
                usable_account(transaction, self.job.team_id).await?;
                return Ok(self.once_more(plan_sync(self.job.team_id)));
            }
            (_, id) => id.ok_or_else(unreadable)?,
        };
        let planned = match self.job.kind {
            JobKind::EnvironmentProvision => self.provision(transaction, id).await?,
            JobKind::EnvironmentClone => self.clone(transaction, id).await?,
            JobKind::EnvironmentDelete => {
                let payload: DeletePayload = decode(&self.job.payload).map_err(|_| unreadable())?;
                plan_deletion(transaction, (self.job.team_id, id), payload.backup()).await?
            }
            _ => self.change(transaction, id, job).await?,
        };
        Ok(self.once_more(planned))
    }
}

impl Draft<'_> {
    fn once_more(&self, planned: PlannedJob) -> PlannedJob {
        PlannedJob {
            retry_of: Some(self.job.id),
            audit_action: Permission::JobRetry.as_str(),
            audit_target: self.job.id.to_string(),
            audit_detail: self.audit_detail.clone(),
            ..planned
        }
    }

    /// The environment that was to be built is given up; another one of that name is.
    async fn provision(
        &self,
        transaction: &mut dyn Transaction,
        given_up: EnvironmentId,
    ) -> Result<PlannedJob, UseCaseError> {
        let (team, kind) = (self.job.team_id, self.job.kind);
        let account = usable_account(transaction, team).await?;
        check_can_delete(&account)?;
        let given_up = self.given_up(transaction, given_up).await?;
        let environment = Environment {
            id: self.environment_id,
            platform_account_id: account.id,
            short_domain: ShortDomain::for_environment(&given_up.name, self.environment_id),
            state: EnvironmentState::Provisioning,
            held_by: None,
            platform_appid: None,
            site_url: None,
            synced_at: None,
            created_at: self.now,
            version: 1,
            ..given_up
        };
        let payload = self.job.payload.clone();
        Ok(PlannedJob {
            new_environment: Some(environment),
            ..PlannedJob::about(kind, team, self.environment_id, payload)
        })
    }

    async fn clone(
        &self,
        transaction: &mut dyn Transaction,
        given_up: EnvironmentId,
    ) -> Result<PlannedJob, UseCaseError> {
        let payload: ClonePayload = readable(decode(&self.job.payload))?;
        let source = payload.source_id().ok_or_else(unreadable)?;
        let given_up = self.given_up(transaction, given_up).await?;
        let copy = (given_up.name, given_up.display_name);
        let ids = (source, self.environment_id);
        plan_clone(transaction, self.job.team_id, ids, copy, self.now).await
    }

    async fn given_up(
        &self,
        transaction: &mut dyn Transaction,
        id: EnvironmentId,
    ) -> Result<Environment, UseCaseError> {
        let environments = transaction.environments();
        let found = environments.find_environment(self.job.team_id, id).await?;
        found.ok_or_else(unreadable)
    }

    async fn change(
        &self,
        transaction: &mut dyn Transaction,
        id: EnvironmentId,
        job: JobId,
    ) -> Result<PlannedJob, UseCaseError> {
        let (team, kind) = (self.job.team_id, self.job.kind);
        standing_environment(transaction, team, id, kind).await?;
        usable_account(transaction, team).await?;
        let payload = match kind {
            JobKind::PasswordReset => {
                let payload: PasswordPayload = readable(decode(&self.job.payload))?;
                let secret = payload.sealed.secret();
                let sealed = SealedBytes::of(self.seal_anew(transaction, job, &secret).await?);
                encode(&PasswordPayload { sealed, ..payload })?
            }
            JobKind::VariablesAdd | JobKind::VariablesReplace => {
                let payload: SetVariablesPayload = readable(decode(&self.job.payload))?;
                let secret = payload.sealed.secret();
                let sealed = SealedVariables::of(self.seal_anew(transaction, job, &secret).await?);
                encode(&SetVariablesPayload { sealed, ..payload })?
            }
            _ => self.job.payload.clone(),
        };
        Ok(PlannedJob::about(kind, team, id, payload))
    }

    async fn seal_anew(
        &self,
        transaction: &mut dyn Transaction,
        job: JobId,
        sealed: &SealedSecret,
    ) -> Result<SealedSecret, UseCaseError> {
        let (team, custody) = (self.job.team_id, self.custody);
        let key = team_key(transaction, team).await?;
        let secret = custody.open_job_secret(&key, self.job.id, team, sealed)?;
        Ok(custody.seal_job_secret(&key, job, team, &secret)?)
    }
}

fn readable<Payload>(decoded: Result<Payload, DecodeError>) -> Result<Payload, UseCaseError> {
    decoded.map_err(|error| unreadable().caused_by(error))
}

fn unreadable() -> UseCaseError {
    UseCaseError::new(
        ErrorCode::JobStateConflict,
        "what the job was asked for cannot be read any more; ask for it anew",
    )
}
