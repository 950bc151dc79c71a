//! Reads for people and programs: from our own projection, outside any transaction, never waiting
//! for the platform.

use super::StoreError;
use crate::environment::{Environment, Node};
use crate::ids::{EnvironmentId, JobId, PlatformAccountId, TeamId};
use crate::job::{Job, JobLogLine};
use crate::names::EnvironmentName;
use crate::page::{Page, PageRequest};
use crate::platform_account::{PlatformAccount, StoredSession};
use crate::software::Installation;
use crate::team::{ApiToken, TokenHash, WrappedTeamKey};
use async_trait::async_trait;
use jiff::Timestamp;

/// An environment with everything that is shown of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentDetails {
    /// The environment.
    pub environment: Environment,
    /// Its nodes, by layer and platform number.
    pub nodes: Vec<Node>,
    /// What is installed in it, oldest first.
    pub installations: Vec<Installation>,
}

/// A job with what is known about its place in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobDetails {
    /// The job.
    pub job: Job,
    /// The job that holds a turn this one needs, and since when.
    pub turn_holder: Option<TurnHolder>,
    /// How many jobs are before it in its longest line; 0 when it is first or at rest.
    pub jobs_ahead: i64,
}

/// Who holds a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnHolder {
    /// The job.
    pub job_id: JobId,
    /// Since when.
    pub since: Timestamp,
}

/// The reads. One statement each where one is enough; lists are bounded by their page.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait ReadModel: Send + Sync {
    /// The token with one of these hashes, dead ones included, in one joined statement with its
    /// team.
    async fn find_api_token(&self, hashes: &[TokenHash]) -> Result<Option<ApiToken>, StoreError>;
    /// The team's platform account.
    async fn find_platform_account(
        &self,
        team: TeamId,
    ) -> Result<Option<PlatformAccount>, StoreError>;
    /// The account's session and the key that its team's secrets are sealed under.
    async fn find_session(
        &self,
        team: TeamId,
        account: PlatformAccountId,
    ) -> Result<Option<(StoredSession, WrappedTeamKey)>, StoreError>;
    /// The job that has not come to rest about the team's living environment of that name.
    async fn find_live_job_by_environment_name(
        &self,
        team: TeamId,
        name: &EnvironmentName,
    ) -> Result<Option<JobId>, StoreError>;
    /// One environment.
    async fn find_environment(
        &self,
        team: TeamId,
        environment: EnvironmentId,
    ) -> Result<Option<EnvironmentDetails>, StoreError>;
    /// The living environments of the team, by id (so by age).
    async fn list_environments(
        &self,
        team: TeamId,
        page: PageRequest<EnvironmentId>,
    ) -> Result<Page<Environment, EnvironmentId>, StoreError>;
    /// One job.
    async fn find_job(&self, team: TeamId, job: JobId) -> Result<Option<JobDetails>, StoreError>;
    /// Lines of a job's log after a sequence, in order. The caller has checked the team.
    async fn list_job_log(
        &self,
        job: JobId,
        page: PageRequest<i64>,
    ) -> Result<Page<JobLogLine, i64>, StoreError>;
    /// Whether the store answers.
    async fn ping(&self) -> Result<(), StoreError>;
}
