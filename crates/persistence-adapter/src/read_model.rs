//! Reads for people and programs. Each statement sees the newest commit; none waits for a writer.
//! What reads an aggregate lies beside its rows, in `stores`.

mod place_in_line;

use crate::database::Database;
use crate::queue::log;
use crate::session::on_session;
use crate::stores::{
    access, api_tokens, audit, environments, findings, installations, invitations, jobs, keys,
    memberships, nodes, ownership_offers, pauses, platform_accounts, platform_sessions,
    recovery_codes, roles, syncs, team_events, teams, token_hashes, user_sessions, webhooks,
};
use async_trait::async_trait;
use diesel_async::SimpleAsyncConnection;
use domain::access::{AccessRecord, Role};
use domain::api_token::ApiToken;
use domain::audit::AuditRecord;
use domain::environment::{Environment, Node};
use domain::finding::Finding;
use domain::ids::{
    ApiTokenId, EnvironmentId, FindingId, InvitationId, JobId, PlatformAccountId, RoleId, TeamId,
    UserId, UserSessionId, WebhookDeliveryId, WebhookId,
};
use domain::job::{Job, JobLogLine};
use domain::names::{EnvironmentName, PlatformName};
use domain::page::{Page, PageRequest};
use domain::pause::{MutationPause, TeamPauses};
use domain::people::{TokenHash, UserSession};
use domain::platform_account::{PlatformAccount, StoredSession};
use domain::ports::{
    AuditFilter, AuditTrailHead, DueSync, EnvironmentDetails, EnvironmentFilter, FindingFilter,
    JobDetails, JobFilter, ReadModel, StoreError, TeamEventFilter,
};
use domain::sealed::WrappedKey;
use domain::team::{Invitation, Member, OwnershipOffer, Team};
use domain::team_event::TeamEvent;
use domain::webhook::{Webhook, WebhookDelivery, WebhookDeliveryState};
use jiff::Timestamp;

#[async_trait]
impl ReadModel for Database {
    async fn find_session_access(
        &self,
        hashes: &[TokenHash],
        team: Option<TeamId>,
    ) -> Result<Option<AccessRecord>, StoreError> {
        access::find_by_session(&mut self.read_session().await?, hashes, team).await
    }

    async fn find_token_access(
        &self,
        hashes: &[TokenHash],
    ) -> Result<Option<AccessRecord>, StoreError> {
        access::find_by_token(&mut self.read_session().await?, hashes).await
    }

    async fn list_user_sessions(
        &self,
        user: UserId,
        page: PageRequest<UserSessionId>,
    ) -> Result<Page<UserSession, UserSessionId>, StoreError> {
        user_sessions::list(&mut self.read_session().await?, user, page).await
    }

    async fn count_recovery_codes(&self, user: UserId) -> Result<i64, StoreError> {
        recovery_codes::count(&mut self.read_session().await?, user).await
    }

    async fn list_teams_of_user(
        &self,
        user: UserId,
        page: PageRequest<TeamId>,
    ) -> Result<Page<(Team, Role), TeamId>, StoreError> {
        teams::list_of_user(&mut self.read_session().await?, user, page).await
    }

    async fn list_teams(
        &self,
        page: PageRequest<TeamId>,
    ) -> Result<Page<Team, TeamId>, StoreError> {
        teams::list(&mut self.read_session().await?, page).await
    }

    async fn find_team(&self, team: TeamId) -> Result<Option<Team>, StoreError> {
        teams::find(&mut self.read_session().await?, team).await
    }

    async fn find_member(&self, team: TeamId, user: UserId) -> Result<Option<Member>, StoreError> {
        memberships::find_member(&mut self.read_session().await?, team, user).await
    }

    async fn list_members(
        &self,
        team: TeamId,
        page: PageRequest<UserId>,
    ) -> Result<Page<Member, UserId>, StoreError> {
        memberships::list_members(&mut self.read_session().await?, team, page).await
    }

    async fn find_role(&self, team: TeamId, role: RoleId) -> Result<Option<Role>, StoreError> {
        roles::find(&mut self.read_session().await?, team, role).await
    }

    async fn list_roles(
        &self,
        team: TeamId,
        page: PageRequest<RoleId>,
    ) -> Result<Page<Role, RoleId>, StoreError> {
        roles::list(&mut self.read_session().await?, team, page).await
    }

    async fn list_invitations(
        &self,
        team: TeamId,
        now: Timestamp,
        page: PageRequest<InvitationId>,
    ) -> Result<Page<Invitation, InvitationId>, StoreError> {
        invitations::list(&mut self.read_session().await?, team, now, page).await
    }

    async fn list_api_tokens(
        &self,
        team: TeamId,
        page: PageRequest<ApiTokenId>,
    ) -> Result<Page<ApiToken, ApiTokenId>, StoreError> {
        api_tokens::list(&mut self.read_session().await?, team, page).await
    }

    async fn find_api_token(
        &self,
        team: TeamId,
        token: ApiTokenId,
    ) -> Result<Option<ApiToken>, StoreError> {
        api_tokens::find(&mut self.read_session().await?, team, token).await
    }

    async fn find_ownership_offer(
        &self,
        team: TeamId,
    ) -> Result<Option<OwnershipOffer>, StoreError> {
        ownership_offers::find(&mut self.read_session().await?, team).await
    }

    async fn list_audit_events(
        &self,
        team: Option<TeamId>,
        filter: &AuditFilter,
        page: PageRequest<i64>,
    ) -> Result<Page<AuditRecord, i64>, StoreError> {
        audit::reading::list(&mut self.read_session().await?, team, filter, page).await
    }

    async fn list_audit_chain(
        &self,
        team: Option<TeamId>,
        page: PageRequest<i64>,
    ) -> Result<Page<AuditRecord, i64>, StoreError> {
        audit::reading::list_chain(&mut self.read_session().await?, team, page).await
    }

    async fn list_audit_trails(
        &self,
        page: PageRequest<TeamId>,
    ) -> Result<Page<AuditTrailHead, TeamId>, StoreError> {
        audit::reading::list_trails(&mut self.read_session().await?, page).await
    }

    async fn count_keys_by_master_key(&self) -> Result<Vec<(String, i64)>, StoreError> {
        keys::count_by_master_key(&mut self.read_session().await?).await
    }

    async fn count_hashes_by_pepper(
        &self,
        now: Timestamp,
    ) -> Result<Vec<(String, i64)>, StoreError> {
        token_hashes::count_by_pepper(&mut self.read_session().await?, now).await
    }

    async fn count_audit_lines_by_key(&self) -> Result<Vec<(String, i64)>, StoreError> {
        audit::reading::count_by_key(&mut self.read_session().await?).await
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
    ) -> Result<Option<(StoredSession, WrappedKey)>, StoreError> {
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
        filter: &EnvironmentFilter,
        page: PageRequest<EnvironmentId>,
    ) -> Result<Page<Environment, EnvironmentId>, StoreError> {
        environments::list_living(&mut self.read_session().await?, team, filter, page).await
    }

    async fn find_job(&self, team: TeamId, job: JobId) -> Result<Option<JobDetails>, StoreError> {
        let mut session = self.read_session().await?;
        let Some(found) = jobs::find(&mut session, team, job).await? else {
            return Ok(None);
        };
        place_in_line::details(&mut session, found).await.map(Some)
    }

    async fn find_team_of_job(&self, job: JobId) -> Result<Option<TeamId>, StoreError> {
        jobs::find_team(&mut self.read_session().await?, job).await
    }

    async fn list_jobs(
        &self,
        filter: &JobFilter,
        page: PageRequest<JobId>,
    ) -> Result<Page<Job, JobId>, StoreError> {
        jobs::list(&mut self.read_session().await?, filter, page).await
    }

    async fn list_job_log(
        &self,
        job: JobId,
        page: PageRequest<i64>,
    ) -> Result<Page<JobLogLine, i64>, StoreError> {
        log::list(&mut self.read_session().await?, job, page).await
    }

    async fn list_nodes(&self, team: TeamId) -> Result<Vec<(EnvironmentId, Node)>, StoreError> {
        nodes::list_of_team(&mut self.read_session().await?, team).await
    }

    async fn find_gone_environments(
        &self,
        team: TeamId,
        short_domains: &[String],
    ) -> Result<Vec<(String, EnvironmentId)>, StoreError> {
        environments::find_gone(&mut self.read_session().await?, team, short_domains).await
    }

    async fn list_findings(
        &self,
        team: TeamId,
        filter: &FindingFilter,
        page: PageRequest<FindingId>,
    ) -> Result<Page<Finding, FindingId>, StoreError> {
        findings::list(&mut self.read_session().await?, team, filter, page).await
    }

    async fn list_team_events(
        &self,
        team: TeamId,
        filter: TeamEventFilter,
        page: PageRequest<i64>,
    ) -> Result<Page<TeamEvent, i64>, StoreError> {
        team_events::list(&mut self.read_session().await?, team, filter, page).await
    }

    async fn list_webhooks(
        &self,
        team: TeamId,
        page: PageRequest<WebhookId>,
    ) -> Result<Page<Webhook, WebhookId>, StoreError> {
        webhooks::list(&mut self.read_session().await?, team, page).await
    }

    async fn find_webhook(
        &self,
        team: TeamId,
        webhook: WebhookId,
    ) -> Result<Option<Webhook>, StoreError> {
        webhooks::find(&mut self.read_session().await?, team, webhook).await
    }

    async fn find_webhook_with_key(
        &self,
        team: TeamId,
        webhook: WebhookId,
    ) -> Result<Option<(Webhook, WrappedKey)>, StoreError> {
        webhooks::find_with_key(&mut self.read_session().await?, team, webhook).await
    }

    async fn list_webhook_deliveries(
        &self,
        team: TeamId,
        webhook: WebhookId,
        state: Option<WebhookDeliveryState>,
        page: PageRequest<WebhookDeliveryId>,
    ) -> Result<Page<WebhookDelivery, WebhookDeliveryId>, StoreError> {
        let session = &mut self.read_session().await?;
        webhooks::list_deliveries(session, (team, webhook), state, page).await
    }

    async fn find_webhook_delivery(
        &self,
        team: TeamId,
        webhook: WebhookId,
        delivery: WebhookDeliveryId,
    ) -> Result<Option<WebhookDelivery>, StoreError> {
        let session = &mut self.read_session().await?;
        webhooks::find_delivery(session, team, webhook, delivery).await
    }

    async fn list_due_syncs(&self, limit: u32) -> Result<Vec<DueSync>, StoreError> {
        syncs::list_due(&mut self.read_session().await?, limit).await
    }

    async fn count_live_syncs(&self) -> Result<Vec<(PlatformName, i64)>, StoreError> {
        syncs::count_live(&mut self.read_session().await?).await
    }

    async fn find_pauses_of_team(&self, team: TeamId) -> Result<TeamPauses, StoreError> {
        pauses::find_of_team(&mut self.read_session().await?, team).await
    }

    async fn list_lasting_pauses(&self) -> Result<Vec<MutationPause>, StoreError> {
        pauses::list_lasting(&mut self.read_session().await?).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        let mut session = self.read_session().await?;
        on_session!(&mut session, c => c.batch_execute("SELECT 1").await)
    }
}
