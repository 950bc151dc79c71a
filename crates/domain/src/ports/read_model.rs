//! Reads for people and programs: from our own projection, outside any transaction, never waiting
//! for the platform.

use super::StoreError;
use crate::access::{AccessRecord, Role};
use crate::api_token::ApiToken;
use crate::audit::AuditRecord;
use crate::environment::{Environment, EnvironmentState, Node};
use crate::finding::{Finding, FindingKind};
use crate::ids::{
    ApiTokenId, EnvironmentId, FindingId, InvitationId, JobId, PlatformAccountId, RoleId, TeamId,
    UserId, UserSessionId, WebhookDeliveryId, WebhookId,
};
use crate::job::{Job, JobKind, JobLogLine, JobState};
use crate::names::{BlueprintName, EnvironmentName, PlatformName, RegionName, SearchText};
use crate::page::{Page, PageRequest};
use crate::pause::{MutationPause, TeamPauses};
use crate::people::{TokenHash, UserSession};
use crate::platform_account::{PlatformAccount, StoredSession};
use crate::sealed::WrappedKey;
use crate::software::Installation;
use crate::team::{Invitation, Member, OwnershipOffer, Team};
use crate::team_event::{TeamEvent, TeamEventType};
use crate::webhook::{Webhook, WebhookDelivery, WebhookDeliveryState};
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

/// Which jobs are asked for; absent fields match all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobFilter {
    /// Of this team.
    pub team_id: Option<TeamId>,
    /// In this state.
    pub state: Option<JobState>,
    /// Of this kind.
    pub kind: Option<JobKind>,
    /// About this environment.
    pub environment_id: Option<EnvironmentId>,
}

/// Which living environments are asked for; absent fields match all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EnvironmentFilter {
    /// In this state.
    pub state: Option<EnvironmentState>,
    /// Built from this.
    pub blueprint: Option<BlueprintName>,
    /// Placed there by a wish.
    pub region: Option<RegionName>,
    /// With this in its name, display name or address. Case does not matter for ASCII letters.
    pub text: Option<SearchText>,
}

/// Which findings are asked for; absent fields match all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindingFilter {
    /// Of this kind.
    pub kind: Option<FindingKind>,
    /// About this environment.
    pub environment_id: Option<EnvironmentId>,
    /// Whether it was closed.
    pub is_closed: Option<bool>,
}

/// Which events of a team are asked for; absent fields match all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TeamEventFilter {
    /// Of this type.
    pub event_type: Option<TeamEventType>,
    /// About this environment.
    pub environment_id: Option<EnvironmentId>,
}

/// A team that is to be synced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueSync {
    /// The team.
    pub team_id: TeamId,
    /// Where its account is.
    pub platform: PlatformName,
}

/// Who holds a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnHolder {
    /// The job.
    pub job_id: JobId,
    /// Since when.
    pub since: Timestamp,
}

/// Which lines of an audit trail are asked for; absent fields match all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Exactly this action.
    pub action: Option<String>,
    /// Exactly this principal, in its text form.
    pub principal: Option<String>,
    /// Exactly this target.
    pub target: Option<String>,
    /// How it went.
    pub outcome: Option<crate::audit::AuditOutcome>,
    /// Not before.
    pub since: Option<Timestamp>,
    /// Not at or after.
    pub until: Option<Timestamp>,
}

/// The end of an audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditTrailHead {
    /// The team; none for the system.
    pub team_id: Option<TeamId>,
    /// The number of the last line.
    pub last_sequence: i64,
    /// The keyed hash of the last line; empty before the first sealed one.
    pub last_mac: Vec<u8>,
}

/// The reads. One statement each where one is enough; lists are bounded by their page.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait ReadModel: Send + Sync {
    /// The session with one of these hashes, dead ones included, its person, and their place in the
    /// team: one joined statement.
    async fn find_session_access(
        &self,
        hashes: &[TokenHash],
        team: Option<TeamId>,
    ) -> Result<Option<AccessRecord>, StoreError>;
    /// The token with one of these hashes, dead ones included, its maker, and their place in the
    /// token's team: one joined statement.
    async fn find_token_access(
        &self,
        hashes: &[TokenHash],
    ) -> Result<Option<AccessRecord>, StoreError>;
    /// Living sessions of the person, newest first.
    async fn list_user_sessions(
        &self,
        user: UserId,
        page: PageRequest<UserSessionId>,
    ) -> Result<Page<UserSession, UserSessionId>, StoreError>;
    /// Unused recovery codes of the person.
    async fn count_recovery_codes(&self, user: UserId) -> Result<i64, StoreError>;
    /// Living teams that the person is a member of, with their role, by id (so by age).
    async fn list_teams_of_user(
        &self,
        user: UserId,
        page: PageRequest<TeamId>,
    ) -> Result<Page<(Team, Role), TeamId>, StoreError>;
    /// All living teams, by id.
    async fn list_teams(&self, page: PageRequest<TeamId>)
    -> Result<Page<Team, TeamId>, StoreError>;
    /// The team; deleted ones are not found.
    async fn find_team(&self, team: TeamId) -> Result<Option<Team>, StoreError>;
    /// One member.
    async fn find_member(&self, team: TeamId, user: UserId) -> Result<Option<Member>, StoreError>;
    /// The members, by the person's id.
    async fn list_members(
        &self,
        team: TeamId,
        page: PageRequest<UserId>,
    ) -> Result<Page<Member, UserId>, StoreError>;
    /// One role.
    async fn find_role(&self, team: TeamId, role: RoleId) -> Result<Option<Role>, StoreError>;
    /// The roles, by id: the built-in ones first.
    async fn list_roles(
        &self,
        team: TeamId,
        page: PageRequest<RoleId>,
    ) -> Result<Page<Role, RoleId>, StoreError>;
    /// Open, unexpired invitations, by id.
    async fn list_invitations(
        &self,
        team: TeamId,
        now: Timestamp,
        page: PageRequest<InvitationId>,
    ) -> Result<Page<Invitation, InvitationId>, StoreError>;
    /// Tokens that were not revoked, expired ones included, by id.
    async fn list_api_tokens(
        &self,
        team: TeamId,
        page: PageRequest<ApiTokenId>,
    ) -> Result<Page<ApiToken, ApiTokenId>, StoreError>;
    /// One token that was not revoked.
    async fn find_api_token(
        &self,
        team: TeamId,
        token: ApiTokenId,
    ) -> Result<Option<ApiToken>, StoreError>;
    /// The offer of ownership that waits.
    async fn find_ownership_offer(
        &self,
        team: TeamId,
    ) -> Result<Option<OwnershipOffer>, StoreError>;
    /// Lines of a trail that match the filter, newest first, before the sequence in the page. No team
    /// means the trail of the system.
    async fn list_audit_events(
        &self,
        team: Option<TeamId>,
        filter: &AuditFilter,
        page: PageRequest<i64>,
    ) -> Result<Page<AuditRecord, i64>, StoreError>;
    /// Lines of a trail in the order of the chain, after the sequence in the page: for checking it.
    async fn list_audit_chain(
        &self,
        team: Option<TeamId>,
        page: PageRequest<i64>,
    ) -> Result<Page<AuditRecord, i64>, StoreError>;
    /// All trails with the number and the seal of their last line, as the counting rows have them: a
    /// chain that was cut at its end is found by them. By team, the system's first.
    async fn list_audit_trails(
        &self,
        page: PageRequest<TeamId>,
    ) -> Result<Page<AuditTrailHead, TeamId>, StoreError>;
    /// How many keys of teams and people are wrapped under each master key, by the key's id.
    async fn count_keys_by_master_key(&self) -> Result<Vec<(String, i64)>, StoreError>;
    /// How many live tokens, sessions, links, invitations and recovery codes are stored under each
    /// pepper, by the pepper's id.
    async fn count_hashes_by_pepper(
        &self,
        now: Timestamp,
    ) -> Result<Vec<(String, i64)>, StoreError>;
    /// How many lines of all audit trails are sealed under each audit key, by the key's id. Reads the
    /// whole trail: for commands only.
    async fn count_audit_lines_by_key(&self) -> Result<Vec<(String, i64)>, StoreError>;
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
    ) -> Result<Option<(StoredSession, WrappedKey)>, StoreError>;
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
    /// The living environments of the team that match, by id (so by age).
    async fn list_environments(
        &self,
        team: TeamId,
        filter: &EnvironmentFilter,
        page: PageRequest<EnvironmentId>,
    ) -> Result<Page<Environment, EnvironmentId>, StoreError>;
    /// One job.
    async fn find_job(&self, team: TeamId, job: JobId) -> Result<Option<JobDetails>, StoreError>;
    /// The team of a job.
    async fn find_team_of_job(&self, job: JobId) -> Result<Option<TeamId>, StoreError>;
    /// Jobs that match the filter, newest first, before the id in the page.
    async fn list_jobs(
        &self,
        filter: &JobFilter,
        page: PageRequest<JobId>,
    ) -> Result<Page<Job, JobId>, StoreError>;
    /// Lines of a job's log after a sequence, in order. The caller has checked the team.
    async fn list_job_log(
        &self,
        job: JobId,
        page: PageRequest<i64>,
    ) -> Result<Page<JobLogLine, i64>, StoreError>;
    /// Every node of the team with its environment.
    async fn list_nodes(&self, team: TeamId) -> Result<Vec<(EnvironmentId, Node)>, StoreError>;
    /// Which of these names on the platform environments had that are gone by our records: what still stands
    /// there under such a name was left over.
    async fn find_gone_environments(
        &self,
        team: TeamId,
        short_domains: &[String],
    ) -> Result<Vec<(String, EnvironmentId)>, StoreError>;
    /// Confirmed findings that match the filter, newest first, before the id in the page.
    async fn list_findings(
        &self,
        team: TeamId,
        filter: &FindingFilter,
        page: PageRequest<FindingId>,
    ) -> Result<Page<Finding, FindingId>, StoreError>;
    /// Events of the team that match the filter, oldest first, after the sequence in the page.
    async fn list_team_events(
        &self,
        team: TeamId,
        filter: TeamEventFilter,
        page: PageRequest<i64>,
    ) -> Result<Page<TeamEvent, i64>, StoreError>;
    /// The team's webhooks, by id.
    async fn list_webhooks(
        &self,
        team: TeamId,
        page: PageRequest<WebhookId>,
    ) -> Result<Page<Webhook, WebhookId>, StoreError>;
    /// One webhook.
    async fn find_webhook(
        &self,
        team: TeamId,
        webhook: WebhookId,
    ) -> Result<Option<Webhook>, StoreError>;
    /// One webhook and the key that its secrets are sealed under.
    async fn find_webhook_with_key(
        &self,
        team: TeamId,
        webhook: WebhookId,
    ) -> Result<Option<(Webhook, WrappedKey)>, StoreError>;
    /// What was and is to be sent to the webhook, newest first, before the id in the page; in one state, if one is
    /// given.
    async fn list_webhook_deliveries(
        &self,
        team: TeamId,
        webhook: WebhookId,
        state: Option<WebhookDeliveryState>,
        page: PageRequest<WebhookDeliveryId>,
    ) -> Result<Page<WebhookDelivery, WebhookDeliveryId>, StoreError>;
    /// One delivery.
    async fn find_webhook_delivery(
        &self,
        team: TeamId,
        webhook: WebhookId,
        delivery: WebhookDeliveryId,
    ) -> Result<Option<WebhookDelivery>, StoreError>;
    /// Teams with a connected account whose next sync is due and that are not being synced; the longest due
    /// first.
    async fn list_due_syncs(&self, limit: u32) -> Result<Vec<DueSync>, StoreError>;
    /// How many syncs have not come to rest, by platform; platforms without one are left out.
    async fn count_live_syncs(&self) -> Result<Vec<(PlatformName, i64)>, StoreError>;
    /// The pauses of the team and of the platform where its account is.
    async fn find_pauses_of_team(&self, team: TeamId) -> Result<TeamPauses, StoreError>;
    /// All pauses that last, oldest first.
    async fn list_lasting_pauses(&self) -> Result<Vec<MutationPause>, StoreError>;
    /// Whether the store answers.
    async fn ping(&self) -> Result<(), StoreError>;
}
