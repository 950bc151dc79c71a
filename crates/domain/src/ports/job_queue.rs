//! Claiming jobs, keeping hold of them, and writing their journal.

use super::StoreError;
use crate::ids::{JobId, ProcessId, StepAttemptId, TeamId};
use crate::job::journal::{AttemptState, NewStepAttempt, StepAttempt};
use crate::job::{
    EncodedData, Job, JobAttention, JobEvent, JobFailure, JobKind, JobLogLevel, JobProgress,
    WaitReason,
};
use crate::turn::TurnScope;
use async_trait::async_trait;
use std::num::NonZeroU32;
use std::time::Duration;

/// Proof of holding a job. Every write of a worker carries it; a raised fence makes it worthless.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct JobHold {
    /// The job.
    pub job_id: JobId,
    /// Its team.
    pub team_id: TeamId,
    /// The process that holds it.
    pub process_id: ProcessId,
    /// Rises by one with every claim of the job.
    pub fence: i64,
}

/// A job that was just claimed.
#[derive(Debug, Clone)]
pub struct ClaimedJob {
    /// The proof.
    pub hold: JobHold,
    /// The job, after the claim.
    pub job: Job,
    /// The turns it holds.
    pub turns: Vec<TurnScope>,
    /// How many processes died while they were executing it since it last made progress.
    pub deaths: u32,
    /// How long the lease of the holder before had been over, when that one did not give the job back: it died, or
    /// is cut off. None when its lease was ended by [`JobQueue::expire_all_leases`].
    pub taken_over_after: Option<Duration>,
}

/// What a worker is ready to take.
#[derive(Debug, Clone)]
pub struct ClaimRequest {
    /// The process.
    pub process_id: ProcessId,
    /// The kinds it can run, each with the highest version it knows. Other jobs are left alone.
    pub kinds: Vec<(JobKind, i32)>,
    /// Most jobs to take.
    pub limit: u32,
    /// Most of them that belong to [`crate::job::JobPool::Background`].
    pub background_limit: u32,
    /// How many may run at once in all.
    pub rooms: JobRooms,
}

/// How many jobs may run at once, in all processes together. A job that was given back takes no room; one whose
/// holder died keeps its room until it is taken over, because its call may still be under way. Of four rooms or more,
/// [`crate::job::JobPool::Background`] leaves a quarter to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobRooms {
    /// Of the teams that are on one platform.
    pub per_platform: NonZeroU32,
    /// Of one team.
    pub per_team: NonZeroU32,
}

/// The queue, outside of any transaction of the caller. Every method is one short transaction.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait JobQueue: Send + Sync {
    /// Takes jobs that are due, are first in the line of every turn they need, and are held by
    /// nobody: raises their fence, gives them a lease and their turns, moves them to `running` (a
    /// cancellation stays one). What a job waited for stays written down until it gets on, so that
    /// its run can tell a wait that goes on from a new one. Each job goes to at most one caller, and however many
    /// callers there are, no more jobs are held than the rooms allow. A full room keeps only its own jobs waiting.
    async fn claim_jobs(&self, request: &ClaimRequest) -> Result<Vec<ClaimedJob>, StoreError>;
    /// Renews the leases of those of the jobs that the process holds, in one statement, and returns
    /// them with their fences; a job that is missing was taken over. A job that is not named is left
    /// to its lease: its run has ended without a word, so another process may take it.
    async fn renew_leases(
        &self,
        process: ProcessId,
        jobs: &[JobId],
    ) -> Result<Vec<(JobId, i64)>, StoreError>;
    /// Gives back everything the process holds, so that others need not wait for the leases. Not
    /// counted as a death.
    /// `running` is kept: what the process holds besides was claimed by a claim whose answer was lost.
    async fn expire_leases_of(
        &self,
        process: ProcessId,
        running: &[JobId],
    ) -> Result<(), StoreError>;
    /// Gives back one job whose run was broken off because the store did not answer: it can be claimed once
    /// `after` has passed. Not counted as a death; nothing happens when somebody else holds it.
    async fn hand_back(&self, hold: &JobHold, after: Duration) -> Result<(), StoreError>;
    /// Ends all leases: for an embedded store whose only process is just starting. What was held
    /// counts as a death.
    async fn expire_all_leases(&self) -> Result<(), StoreError>;
    /// The journal of a job, in order, however long.
    async fn load_journal(&self, job: JobId) -> Result<Vec<StepAttempt>, StoreError>;
    /// How long until something may become due; `None` when nothing is queued.
    async fn next_due_in(&self) -> Result<Option<Duration>, StoreError>;
}

/// The journal, state and log of the job that the transaction holds.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait JobJournal: Send {
    /// Writes down the intent of an attempt, as `started`. Returns it as stored. Fails with
    /// [`StoreError::VersionChanged`] when the job was asked to cancel and the attempt goes forward: no
    /// step starts after a cancellation. From the start of a pivot on nobody can cancel.
    async fn start_attempt(&mut self, attempt: &NewStepAttempt) -> Result<StepAttempt, StoreError>;
    /// Writes down what became of an attempt; progress, so the count of deaths starts again.
    async fn settle_attempt(
        &mut self,
        attempt: StepAttemptId,
        state: AttemptState,
        output: Option<EncodedData>,
    ) -> Result<(), StoreError>;
    /// The pivot that was started surely did not happen, and none before it did: the job can be
    /// cancelled again.
    async fn clear_pivot(&mut self) -> Result<(), StoreError>;
    /// Writes down what has been found out about an attempt in doubt.
    async fn record_findings(
        &mut self,
        attempt: StepAttemptId,
        findings: &EncodedData,
    ) -> Result<(), StoreError>;
    /// Whether somebody asked to cancel the job.
    async fn is_cancel_requested(&mut self) -> Result<bool, StoreError>;
    /// Adds a line to the log; its number is the next one without a gap. The job has got on: it
    /// waits for nothing any more.
    async fn append_log(
        &mut self,
        level: JobLogLevel,
        step: Option<String>,
        message: &str,
    ) -> Result<(), StoreError>;
    /// Stores how far the job is; `percent` never falls.
    async fn set_progress(&mut self, progress: &JobProgress) -> Result<(), StoreError>;
    /// Stores why the job is being undone; it is what the job will fail with.
    async fn set_failure(&mut self, failure: &JobFailure) -> Result<(), StoreError>;
    /// Stores what a person has to look at.
    async fn set_attention(&mut self, attention: &JobAttention) -> Result<(), StoreError>;
    /// Gives the job back until `after` has passed by the database's clock. `event` is
    /// [`JobEvent::Parked`] or [`JobEvent::Released`]. Its turns are kept.
    async fn give_back(
        &mut self,
        event: JobEvent,
        reason: WaitReason,
        after: Duration,
    ) -> Result<(), StoreError>;
    /// Brings the job to rest: `event` is one that a worker may bring about. Its place in the
    /// queue and its turns are freed in this same transaction.
    async fn come_to_rest(&mut self, event: JobEvent) -> Result<(), StoreError>;
}
