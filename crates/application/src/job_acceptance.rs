//! Accepting a job: idempotency record, checks, intent, job and audit row in one transaction.

mod about_environment;
mod backlog;
mod commit;
mod replay;

use crate::UseCaseError;
use crate::authorisation::Authorised;
use crate::workflows::payloads::{ClonePayload, decode};
use async_trait::async_trait;
use backlog::check_backlog;
use commit::commit_job;
use domain::audit::AuditEvent;
use domain::crash_point::{self, CrashPoint, Moment};
use domain::environment::Environment;
use domain::error_code::ErrorCode;
use domain::ids::{EnvironmentId, JobId, TeamId};
use domain::job::journal::Direction;
use domain::job::{EncodedData, Job, JobKind, JobProgress, JobState};
use domain::names::{EnvironmentName, IdempotencyKey};
use domain::ports::{
    BacklogLimits, Clock, CommitError, Conflict, IdSource, IdempotencyScope, Observer, ReadModel,
    StoreError, TokenHasher, Transaction, UnitOfWork, WakeUp, new_id,
};
use domain::turn::TurnScope;
use jiff::Timestamp;
use replay::{Remembered, find_replay, idempotency_scope, in_flight, remember};
use std::sync::Arc;

pub use about_environment::EnvironmentTarget;
pub(crate) use about_environment::{
    check_can_delete, installation_name, known_on_platform, standing_environment, team_key,
    usable_account,
};

#[cfg(test)]
mod tests;

/// A job that was accepted, now or by an earlier request with the same key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedJob {
    /// The job.
    pub job: Job,
    /// Whether an earlier request with the same key created it.
    pub is_replayed: bool,
}

/// The ports that every use case needs whose request becomes a job.
#[derive(Clone)]
pub struct JobAcceptance {
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// Looking up a lost commit, and what a request points to.
    pub read_model: Arc<dyn ReadModel>,
    /// Fingerprints of requests.
    pub token_hasher: Arc<dyn TokenHasher>,
    /// Tells the workers.
    pub wake_up: Arc<dyn WakeUp>,
    /// Identifiers.
    pub ids: Arc<dyn IdSource>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// How many jobs may be unfinished.
    pub backlog: BacklogLimits,
    /// Who follows what goes on.
    pub observer: Arc<dyn Observer>,
}

/// Who asks for what under which key.
pub(crate) struct JobRequest<'a> {
    pub(crate) authorised: Authorised<'a>,
    pub(crate) operation: &'static str,
    pub(crate) key: &'a IdempotencyKey,
    /// Everything that makes the request this request, each part delimited, without secrets.
    pub(crate) content: String,
}

/// The job that a request becomes.
pub(crate) struct PlannedJob {
    pub(crate) kind: JobKind,
    /// None for a job about the whole team.
    pub(crate) environment_id: Option<EnvironmentId>,
    pub(crate) payload: EncodedData,
    pub(crate) turns: Vec<TurnScope>,
    /// The environment that the job will build; stored with it.
    pub(crate) new_environment: Option<Environment>,
    pub(crate) audit_action: &'static str,
    pub(crate) audit_target: String,
    /// What else stands in the audit row.
    pub(crate) audit_detail: Option<String>,
    /// The job that this one repeats.
    pub(crate) retry_of: Option<JobId>,
}

impl PlannedJob {
    /// A job about an environment that is stored already.
    pub(crate) fn about(
        kind: JobKind,
        team: TeamId,
        environment_id: EnvironmentId,
        payload: EncodedData,
    ) -> Self {
        Self {
            kind,
            environment_id: Some(environment_id),
            payload,
            turns: turns_of(kind, team, Some(environment_id)),
            new_environment: None,
            audit_action: kind.as_str(),
            audit_target: environment_id.to_string(),
            audit_detail: None,
            retry_of: None,
        }
    }
}

/// The turns that a job of the kind takes.
fn turns_of(kind: JobKind, team: TeamId, environment: Option<EnvironmentId>) -> Vec<TurnScope> {
    let mut turns = Vec::with_capacity(2);
    if kind.takes_the_teams_turn() {
        turns.push(TurnScope::Team(team));
    }
    turns.extend(environment.map(TurnScope::Environment));
    turns
}

/// The turns that a stored job took when it was accepted.
pub(crate) fn turns_of_job(job: &Job) -> Vec<TurnScope> {
    let mut turns = turns_of(job.kind, job.team_id, job.environment_id);
    if job.kind == JobKind::EnvironmentClone
        && let Ok(payload) = decode::<ClonePayload>(&job.payload)
    {
        turns.extend(payload.source_id().map(TurnScope::Environment));
        turns.sort();
    }
    turns
}

/// What is checked inside the transaction that accepts a request, and the job that comes of it.
#[async_trait]
pub(crate) trait JobDraft: Send + Sync {
    /// May write what belongs to the intent; all of it is dropped when the request is not accepted.
    async fn plan(
        &self,
        transaction: &mut dyn Transaction,
        job: JobId,
    ) -> Result<PlannedJob, UseCaseError>;

    /// A job that is on its way and does what is asked for: it is the answer, and nothing is planned.
    async fn find_job_under_way(
        &self,
        _transaction: &mut dyn Transaction,
    ) -> Result<Option<JobId>, UseCaseError> {
        Ok(None)
    }
}

/// What one transaction came to.
enum Stored {
    Accepted(Box<AcceptedJob>),
    /// Somebody was faster, so the next transaction sees more. What to say when that goes on.
    Raced(UseCaseError),
}

/// How many transactions are tried when others are faster.
const ATTEMPTS: usize = 4;

impl JobAcceptance {
    /// Accepts what the draft plans, once for each key: the same request gives the same job, another
    /// request under the key is refused. The rights are looked at again in the transaction.
    pub(crate) async fn accept(
        &self,
        request: JobRequest<'_>,
        draft: &dyn JobDraft,
    ) -> Result<AcceptedJob, UseCaseError> {
        let fingerprint = self.token_hasher.fingerprint(request.content.as_bytes());
        let actor = request.authorised.actor();
        let scope = idempotency_scope(actor, request.operation, request.key.clone());
        let mut raced = in_flight();
        for _ in 0..ATTEMPTS {
            let stored = self
                .store(request.authorised, draft, &scope, &fingerprint)
                .await?;
            match stored {
                Stored::Accepted(accepted) => {
                    if !accepted.is_replayed {
                        self.wake_up.wake().await;
                    }
                    return Ok(*accepted);
                }
                Stored::Raced(reason) => raced = reason,
            }
        }
        Err(raced)
    }

    async fn store(
        &self,
        authorised: Authorised<'_>,
        draft: &dyn JobDraft,
        scope: &IdempotencyScope,
        fingerprint: &[u8],
    ) -> Result<Stored, UseCaseError> {
        let actor = authorised.actor();
        let mut transaction = authorised.begin(&*self.unit_of_work, &*self.clock).await?;
        if let Some(replay) = find_replay(&mut *transaction, scope, fingerprint).await? {
            return Ok(Stored::Accepted(Box::new(replay)));
        }
        if let Some(job) = draft.find_job_under_way(&mut *transaction).await? {
            return join(transaction, job, scope, fingerprint).await;
        }
        check_backlog(&mut *transaction, actor.team_id(), self.backlog).await?;
        let id = new_id(&*self.ids);
        let planned = draft.plan(&mut *transaction, id).await?;
        let job = Job {
            trace_parent: self.observer.trace_parent(),
            ..new_job(id, authorised, &planned, self.clock.now())
        };
        if let Remembered::Raced =
            remember(&mut *transaction, scope, fingerprint.to_vec(), id).await?
        {
            return Ok(Stored::Raced(in_flight()));
        }
        if let Some(environment) = &planned.new_environment
            && let Err(error) = transaction
                .environments()
                .insert_environment(environment)
                .await
        {
            drop(transaction);
            return Err(self
                .name_taken(actor.team_id(), &environment.name, error)
                .await);
        }
        match transaction.jobs().enqueue_job(&job, &planned.turns).await {
            Ok(()) => {}
            Err(StoreError::Conflict(Conflict::LiveSync)) => {
                return Ok(Stored::Raced(UseCaseError::new(
                    ErrorCode::JobStateConflict,
                    "a sync of the team is on its way",
                )));
            }
            Err(error) => return Err(not_enqueued(error)),
        }
        let mut event = AuditEvent::accepted(
            new_id(&*self.ids),
            actor,
            planned.audit_action,
            planned.audit_target,
        );
        event.detail = planned.audit_detail;
        transaction.audit().append_audit_event(&event).await?;
        pass(job.kind, Moment::BeforeStarted);
        commit_job(transaction, &job, &*self.read_model, &*self.clock).await?;
        pass(job.kind, Moment::AfterJournal);
        Ok(Stored::Accepted(Box::new(AcceptedJob {
            job,
            is_replayed: false,
        })))
    }

    async fn name_taken(
        &self,
        team: TeamId,
        name: &EnvironmentName,
        error: StoreError,
    ) -> UseCaseError {
        if !matches!(error, StoreError::Conflict(Conflict::EnvironmentName)) {
            return error.into();
        }
        let refusal = UseCaseError::new(
            ErrorCode::EnvironmentNameTaken,
            "the team has an environment of that name",
        )
        .at("/name");
        let job = self
            .read_model
            .find_live_job_by_environment_name(team, name)
            .await;
        match job {
            Ok(Some(job)) => refusal.with_job(job),
            _ => refusal,
        }
    }
}

/// Answers with a job that is on its way, now and whenever the same is asked for under the key again.
async fn join(
    mut transaction: Box<dyn Transaction>,
    job: JobId,
    scope: &IdempotencyScope,
    fingerprint: &[u8],
) -> Result<Stored, UseCaseError> {
    let found = transaction.jobs().find_job(scope.team_id, job).await?;
    let job = found.ok_or_else(UseCaseError::not_found)?;
    let remembered = remember(&mut *transaction, scope, fingerprint.to_vec(), job.id).await?;
    if let Remembered::Raced = remembered {
        return Ok(Stored::Raced(in_flight()));
    }
    match transaction.commit().await {
        Ok(()) => Ok(Stored::Accepted(Box::new(AcceptedJob {
            job,
            is_replayed: true,
        }))),
        Err(CommitError::RolledBack(error)) => Err(error.into()),
        // The next transaction sees whether the request is remembered.
        Err(CommitError::OutcomeUnknown(cause)) => Ok(Stored::Raced(
            UseCaseError::new(
                ErrorCode::OutcomeUnknown,
                "the store lost the answer; ask again with the same idempotency key",
            )
            .with_job(job.id)
            .caused_by(cause),
        )),
    }
}

fn not_enqueued(error: StoreError) -> UseCaseError {
    match error {
        StoreError::Conflict(Conflict::LiveRetry) => UseCaseError::new(
            ErrorCode::JobStateConflict,
            "another job is doing the same once more, and has not come to its end",
        ),
        error => error.into(),
    }
}

/// Tests let processes die here.
fn pass(kind: JobKind, moment: Moment) {
    crash_point::pass(&CrashPoint {
        kind,
        step: "acceptance",
        direction: Direction::Forward,
        moment,
    });
}

/// A new job of an actor.
fn new_job(id: JobId, authorised: Authorised<'_>, planned: &PlannedJob, now: Timestamp) -> Job {
    let actor = authorised.actor();
    Job {
        id,
        team_id: actor.team_id(),
        kind: planned.kind,
        kind_version: planned.kind.version(),
        state: JobState::Queued,
        environment_id: planned.environment_id,
        principal: actor.principal(),
        required_permissions: authorised.permissions(),
        payload: planned.payload.clone(),
        progress: JobProgress::default(),
        waiting_for: None,
        failure: None,
        is_cancel_requested: false,
        attention: None,
        retry_of: planned.retry_of,
        trace_parent: None,
        created_at: now,
        started_at: None,
        finished_at: None,
        log_sequence: 0,
        version: 1,
    }
}
