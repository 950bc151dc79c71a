//! The stores of a transaction, one per aggregate.

mod access;
mod api_tokens;
mod invitations;
mod keys;
mod login_throttle;
mod memberships;
mod pauses;
mod people;
mod reconciliation;
mod roles;
mod teams;
mod user_sessions;
mod webhooks;

pub use access::*;
pub use api_tokens::*;
pub use invitations::*;
pub use keys::*;
pub use login_throttle::*;
pub use memberships::*;
pub use pauses::*;
pub use people::*;
pub use reconciliation::*;
pub use roles::*;
pub use teams::*;
pub use user_sessions::*;
pub use webhooks::*;

use super::StoreError;
use crate::audit::AuditEvent;
use crate::environment::{Environment, Node};
use crate::ids::{EnvironmentId, JobId, PlatformAccountId, ProcessId, StepAttemptId, TeamId};
use crate::job::{EncodedData, Job, JobFailure, JobLogLevel};
use crate::names::IdempotencyKey;
use crate::platform_account::{PlatformAccount, StoredSession};
use crate::sealed::SealedSecret;
use crate::software::Installation;
use crate::turn::TurnScope;
use async_trait::async_trait;
use std::num::NonZeroU32;
use std::time::Duration;

/// What a process that saw a session refused may do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionRenewal {
    /// Sign in; until the lease ends nobody else will.
    Yours {
        /// What is stored now; the renewal writes the next generation.
        current: StoredSession,
    },
    /// Somebody else is signing in; look again soon.
    InProgress,
    /// The stored session is newer than the refused one: use it.
    Newer(StoredSession),
}

/// Platform accounts and their sessions.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait PlatformAccountStore: Send {
    /// The team's account.
    async fn find_platform_account(
        &mut self,
        team: TeamId,
    ) -> Result<Option<PlatformAccount>, StoreError>;
    /// Adds an account and an empty session row at generation 0. A second account of a team is
    /// [`super::Conflict::PlatformAccount`].
    async fn insert_platform_account(
        &mut self,
        account: &PlatformAccount,
    ) -> Result<(), StoreError>;
    /// Writes all mutable columns when the stored version is `account.version`, raising it by one;
    /// otherwise [`StoreError::VersionChanged`]. A changed credential version drops the session.
    async fn update_platform_account(
        &mut self,
        account: &PlatformAccount,
    ) -> Result<(), StoreError>;
    /// The stored session.
    async fn find_session(
        &mut self,
        account: PlatformAccountId,
    ) -> Result<Option<StoredSession>, StoreError>;
    /// Asks to renew a session whose generation was refused. At most one process gets
    /// [`SessionRenewal::Yours`] per generation until `lease` has passed by the database's clock.
    async fn begin_session_renewal(
        &mut self,
        account: PlatformAccountId,
        refused_generation: i64,
        process: ProcessId,
        lease: Duration,
    ) -> Result<SessionRenewal, StoreError>;
    /// Stores a renewed session as generation `expected_generation + 1` and ends the renewal.
    /// `false`, writing nothing, when credential version or generation have moved on.
    async fn store_session(
        &mut self,
        account: PlatformAccountId,
        credential_version: i64,
        expected_generation: i64,
        key: &SealedSecret,
    ) -> Result<bool, StoreError>;
    /// Ends a renewal that failed, so that the next one need not wait for the lease.
    async fn abandon_session_renewal(
        &mut self,
        account: PlatformAccountId,
        process: ProcessId,
    ) -> Result<(), StoreError>;
    /// Marks the account as needing its owner, only if that credential version is still in force.
    async fn mark_needs_reauthentication(
        &mut self,
        account: PlatformAccountId,
        credential_version: i64,
    ) -> Result<(), StoreError>;
}

/// Environments, their nodes and what is installed in them. Every look-up names the team.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait EnvironmentStore: Send {
    /// Adds an environment. A living one of the same name in the team is
    /// [`super::Conflict::EnvironmentName`].
    async fn insert_environment(&mut self, environment: &Environment) -> Result<(), StoreError>;
    /// The environment, final ones included.
    async fn find_environment(
        &mut self,
        team: TeamId,
        environment: EnvironmentId,
    ) -> Result<Option<Environment>, StoreError>;
    /// Writes all mutable columns when the stored version is `environment.version`, raising it by
    /// one; otherwise [`StoreError::VersionChanged`].
    async fn update_environment(&mut self, environment: &Environment) -> Result<(), StoreError>;
    /// Makes `nodes` the nodes of the environment. A node that is known by its platform number keeps
    /// its id.
    async fn replace_nodes(
        &mut self,
        team: TeamId,
        environment: EnvironmentId,
        nodes: &[Node],
    ) -> Result<(), StoreError>;
    /// Adds an installation.
    async fn insert_installation(&mut self, installation: &Installation) -> Result<(), StoreError>;
    /// Removes all installations of an environment that is gone.
    async fn delete_installations(
        &mut self,
        team: TeamId,
        environment: EnvironmentId,
    ) -> Result<(), StoreError>;
    /// What is installed in the environment, oldest first.
    async fn list_installations(
        &mut self,
        team: TeamId,
        environment: EnvironmentId,
    ) -> Result<Vec<Installation>, StoreError>;
}

/// What became of the wish to cancel a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelAnswer {
    /// It had not begun: it is cancelled and its turns are free, in this transaction.
    Cancelled,
    /// Its worker will see the wish at the next boundary and undo.
    Requested,
    /// It has ended, waits for a person, or a step without a way back has begun.
    TooLate,
}

/// How many jobs may be on their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BacklogLimits {
    /// Of one team.
    pub per_team: NonZeroU32,
    /// Of all teams.
    pub in_all: NonZeroU32,
}

/// Whose backlog is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FullBacklog {
    /// The team's.
    OfTeam,
    /// That of all teams.
    InAll,
}

/// Accepting and cancelling jobs.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait JobStore: Send {
    /// Accepts a job: its row, its place in the queue, and its number in the line of every turn it
    /// needs (taken in the order of [`TurnScope`], under the turn's row lock). `job.state` is
    /// `queued`.
    async fn enqueue_job(&mut self, job: &Job, turns: &[TurnScope]) -> Result<(), StoreError>;
    /// The job.
    async fn find_job(&mut self, team: TeamId, job: JobId) -> Result<Option<Job>, StoreError>;
    /// A job of the team that has not come to rest, oldest first. Syncs do not count: they change nothing on
    /// the platform.
    async fn find_live_job_of_team(&mut self, team: TeamId) -> Result<Option<JobId>, StoreError>;
    /// The team's sync that has not come to rest.
    async fn find_live_sync(&mut self, team: TeamId) -> Result<Option<JobId>, StoreError>;
    /// Whether as many jobs as there may be have not come to rest; the team's are looked at first. Jobs
    /// that other open transactions accept are not seen on PostgreSQL.
    async fn find_full_backlog(
        &mut self,
        team: TeamId,
        limits: BacklogLimits,
    ) -> Result<Option<FullBacklog>, StoreError>;
    /// The job about the environment that has not come to rest, oldest first.
    async fn find_live_job(
        &mut self,
        team: TeamId,
        environment: EnvironmentId,
    ) -> Result<Option<JobId>, StoreError>;
    /// Cancels a job by one conditional update.
    async fn cancel_job(&mut self, team: TeamId, job: JobId) -> Result<CancelAnswer, StoreError>;
    /// Puts a job that waits for a person back into the queue, at the end of its lines. Its fence goes on
    /// above the last one, no death counts any more, and what the person had to look at is forgotten.
    /// `false`, writing nothing, when it does not wait for a person.
    async fn reopen_job(
        &mut self,
        team: TeamId,
        job: JobId,
        turns: &[TurnScope],
        is_past_pivot: bool,
    ) -> Result<bool, StoreError>;
    /// Ends a job that waits for a person as failed. `false`, writing nothing, when it does not wait for
    /// one.
    async fn close_job(
        &mut self,
        team: TeamId,
        job: JobId,
        failure: &JobFailure,
    ) -> Result<bool, StoreError>;
    /// Writes what a person found out to an attempt that is not settled. `false` when there is none of
    /// that id in the job.
    async fn record_verdict(
        &mut self,
        job: JobId,
        attempt: StepAttemptId,
        findings: &EncodedData,
    ) -> Result<bool, StoreError>;
    /// Adds a line to the log of a job, whoever holds it.
    async fn append_job_log(
        &mut self,
        team: TeamId,
        job: JobId,
        level: JobLogLevel,
        message: &str,
    ) -> Result<(), StoreError>;
}

/// Whose key it is and for what: the same key means nothing elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyScope {
    /// The team.
    pub team_id: TeamId,
    /// The principal, in its text form.
    pub principal: String,
    /// The operation, such as `environments.create`.
    pub operation: &'static str,
    /// The client's key.
    pub key: IdempotencyKey,
}

/// A remembered request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyRecord {
    /// A keyed hash over the request without its secret fields.
    pub fingerprint: Vec<u8>,
    /// The job that the request created.
    pub job_id: JobId,
}

/// Remembered requests. Only committed effects are remembered, never refusals.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait IdempotencyStore: Send {
    /// What was remembered under the key.
    async fn find_idempotency_record(
        &mut self,
        scope: &IdempotencyScope,
    ) -> Result<Option<IdempotencyRecord>, StoreError>;
    /// Remembers a request. [`super::Conflict::IdempotencyKey`] when the key is taken,
    /// [`super::Conflict::IdempotencyInFlight`] when another transaction has held it for 250 ms.
    async fn insert_idempotency_record(
        &mut self,
        scope: &IdempotencyScope,
        record: &IdempotencyRecord,
    ) -> Result<(), StoreError>;
}

/// The audit trails: one of each team, one of the system.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait AuditStore: Send {
    /// Adds a line at the end of its trail and seals it to the one before. When it cannot be written,
    /// neither is anything else of the transaction. Written last, at the commit: everybody who writes
    /// into a trail waits for the row that counts it.
    async fn append_audit_event(&mut self, event: &AuditEvent) -> Result<(), StoreError>;
}
