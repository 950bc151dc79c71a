//! Reads for people and programs. Each statement sees the newest commit; none waits for a writer.

mod place_in_line;

use crate::database::Database;
use crate::queue::log;
use crate::session::on_session;
use crate::stores::{
    api_tokens, environments, installations, jobs, nodes, platform_accounts, platform_sessions,
};
use async_trait::async_trait;
use diesel_async::SimpleAsyncConnection;
use domain::environment::Environment;
use domain::ids::{EnvironmentId, JobId, PlatformAccountId, TeamId};
use domain::job::JobLogLine;
use domain::names::EnvironmentName;
use domain::page::{Page, PageRequest};
use domain::platform_account::{PlatformAccount, StoredSession};
use domain::ports::{EnvironmentDetails, JobDetails, ReadModel, StoreError};
use domain::team::{ApiToken, TokenHash, WrappedTeamKey};

#[async_trait]
impl ReadModel for Database {
    async fn find_api_token(&self, hashes: &[TokenHash]) -> Result<Option<ApiToken>, StoreError> {
        api_tokens::find_api_token(&mut self.read_session().await?, hashes).await
    }

    async fn find_platform_account(
        &self,
        team: TeamId,
    ) -> Result<Option<PlatformAccount>, StoreError> {
        platform_accounts::find_platform_account(&mut self.read_session().await?, team).await
    }

    async fn find_session(
        &self,
        team: TeamId,
        account: PlatformAccountId,
    ) -> Result<Option<(StoredSession, WrappedTeamKey)>, StoreError> {
        platform_sessions::find_with_team_key(&mut self.read_session().await?, team, account).await
    }

    async fn find_live_job_by_environment_name(
        &self,
        team: TeamId,
        name: &EnvironmentName,
    ) -> Result<Option<JobId>, StoreError> {
        jobs::find_live_by_environment_name(&mut self.read_session().await?, team, name).await
    }

    async fn find_environment(
        &self,
        team: TeamId,
        environment: EnvironmentId,
    ) -> Result<Option<EnvironmentDetails>, StoreError> {
        let mut session = self.read_session().await?;
        let Some(found) = environments::find(&mut session, team, environment).await? else {
            return Ok(None);
        };
        Ok(Some(EnvironmentDetails {
            environment: found,
            nodes: nodes::list(&mut session, team, environment).await?,
            installations: installations::list(&mut session, team, environment).await?,
        }))
    }

    async fn list_environments(
        &self,
        team: TeamId,
        page: PageRequest<EnvironmentId>,
    ) -> Result<Page<Environment, EnvironmentId>, StoreError> {
        environments::list_living(&mut self.read_session().await?, team, page).await
    }

    async fn find_job(&self, team: TeamId, job: JobId) -> Result<Option<JobDetails>, StoreError> {
        let mut session = self.read_session().await?;
        let Some(found) = jobs::find(&mut session, team, job).await? else {
            return Ok(None);
        };
        place_in_line::details(&mut session, found).await.map(Some)
    }

    async fn list_job_log(
        &self,
        job: JobId,
        page: PageRequest<i64>,
    ) -> Result<Page<JobLogLine, i64>, StoreError> {
        log::list(&mut self.read_session().await?, job, page).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        let mut session = self.read_session().await?;
        on_session!(&mut session, c => c.batch_execute("SELECT 1").await)
    }
}
