//! Reading a team page by page: no more than a page is in memory, and no transaction is open between two.

use domain::access::Role;
use domain::api_token::ApiToken;
use domain::audit::AuditRecord;
use domain::finding::Finding;
use domain::ids::{
    ApiTokenId, EnvironmentId, FindingId, InvitationId, JobId, RoleId, TeamId, UserId, WebhookId,
};
use domain::job::JobLogLine;
use domain::limits::PAGE_SIZE_MAX;
use domain::page::{Page, PageRequest};
use domain::platform_account::PlatformAccount;
use domain::ports::{
    EnvironmentDetails, EnvironmentFilter, FindingFilter, JobDetails, JobFilter, ReadModel,
    StoreError,
};
use domain::team::{Invitation, Member, Team};
use domain::webhook::Webhook;
use jiff::Timestamp;
use std::collections::VecDeque;
use std::sync::Arc;

/// Something that is kept of a team.
pub enum TeamPiece {
    /// The team itself; always the first piece.
    Team(Team),
    /// Its account on the platform.
    PlatformAccount(PlatformAccount),
    /// A role.
    Role(Role),
    /// A member.
    Member(Member),
    /// An invitation that is open.
    Invitation(Invitation),
    /// An API token that was not revoked.
    ApiToken(ApiToken),
    /// A webhook.
    Webhook(Webhook),
    /// A living environment.
    Environment(Box<EnvironmentDetails>),
    /// A job, newest first; the lines of its log come after it.
    Job(Box<JobDetails>),
    /// A line of the log of that job.
    JobLogLine(JobId, JobLogLine),
    /// A finding that was confirmed.
    Finding(Finding),
    /// A line of the audit trail, in the order of the chain.
    AuditRecord(Box<AuditRecord>),
}

/// What is read next, and where.
#[derive(Debug, Clone, Copy)]
enum Section {
    PlatformAccount,
    Roles(Option<RoleId>),
    Members(Option<UserId>),
    Invitations(Option<InvitationId>),
    ApiTokens(Option<ApiTokenId>),
    Webhooks(Option<WebhookId>),
    Environments(Option<EnvironmentId>),
    Jobs(Option<JobId>),
    Findings(Option<FindingId>),
    AuditTrail(Option<i64>),
    End,
}

/// Gives one piece after the other.
pub struct TeamReader {
    read_model: Arc<dyn ReadModel>,
    team: TeamId,
    begun_at: Timestamp,
    section: Section,
    ready: VecDeque<TeamPiece>,
    /// The job whose log is read, and after which line.
    log: Option<(JobId, i64)>,
    lines: VecDeque<TeamPiece>,
}

impl TeamReader {
    /// Of a team that may be read.
    pub(crate) fn new(read_model: Arc<dyn ReadModel>, team: Team, begun_at: Timestamp) -> Self {
        Self {
            read_model,
            team: team.id,
            begun_at,
            section: Section::PlatformAccount,
            ready: VecDeque::from([TeamPiece::Team(team)]),
            log: None,
            lines: VecDeque::new(),
        }
    }

    /// Whose pieces they are.
    pub fn team(&self) -> TeamId {
        self.team
    }

    /// When reading began.
    pub fn begun_at(&self) -> Timestamp {
        self.begun_at
    }

    /// The next piece; `None` after the last one. After an error the same page is read again.
    pub async fn next(&mut self) -> Result<Option<TeamPiece>, StoreError> {
        loop {
            if let Some(line) = self.lines.pop_front() {
                return Ok(Some(line));
            }
            if self.log.is_some() {
                self.read_log().await?;
                continue;
            }
            if let Some(piece) = self.ready.pop_front() {
                if let TeamPiece::Job(details) = &piece {
                    self.log = Some((details.job.id, 0));
                }
                return Ok(Some(piece));
            }
            if matches!(self.section, Section::End) {
                return Ok(None);
            }
            self.read_section().await?;
        }
    }

    async fn read_log(&mut self) -> Result<(), StoreError> {
        let Some((job, after)) = self.log else {
            return Ok(());
        };
        let page = self.read_model.list_job_log(job, page(Some(after))).await?;
        self.log = page.next_after.map(|after| (job, after));
        let lines = page.items.into_iter();
        self.lines
            .extend(lines.map(|line| TeamPiece::JobLogLine(job, line)));
        Ok(())
    }

    async fn read_section(&mut self) -> Result<(), StoreError> {
        let (read_model, team) = (Arc::clone(&self.read_model), self.team);
        match self.section {
            Section::PlatformAccount => {
                let found = read_model.find_platform_account(team).await?;
                self.ready
                    .extend(found.into_iter().map(TeamPiece::PlatformAccount));
                self.section = Section::Roles(None);
            }
            Section::Roles(after) => {
                let found = read_model.list_roles(team, page(after)).await?;
                self.keep(
                    found,
                    TeamPiece::Role,
                    Section::Roles,
                    Section::Members(None),
                );
            }
            Section::Members(after) => {
                let found = read_model.list_members(team, page(after)).await?;
                let next = Section::Invitations(None);
                self.keep(found, TeamPiece::Member, Section::Members, next);
            }
            Section::Invitations(after) => {
                let now = self.begun_at;
                let found = read_model.list_invitations(team, now, page(after)).await?;
                let next = Section::ApiTokens(None);
                self.keep(found, TeamPiece::Invitation, Section::Invitations, next);
            }
            Section::ApiTokens(after) => {
                let found = read_model.list_api_tokens(team, page(after)).await?;
                let next = Section::Webhooks(None);
                self.keep(found, TeamPiece::ApiToken, Section::ApiTokens, next);
            }
            Section::Webhooks(after) => {
                let found = read_model.list_webhooks(team, page(after)).await?;
                let next = Section::Environments(None);
                self.keep(found, TeamPiece::Webhook, Section::Webhooks, next);
            }
            Section::Environments(after) => {
                let found = self.environments(after).await?;
                let piece = |it| TeamPiece::Environment(Box::new(it));
                self.keep(found, piece, Section::Environments, Section::Jobs(None));
            }
            Section::Jobs(after) => {
                let found = self.jobs(after).await?;
                let piece = |it| TeamPiece::Job(Box::new(it));
                self.keep(found, piece, Section::Jobs, Section::Findings(None));
            }
            Section::Findings(after) => {
                let filter = FindingFilter::default();
                let found = read_model.list_findings(team, &filter, page(after)).await?;
                let next = Section::AuditTrail(None);
                self.keep(found, TeamPiece::Finding, Section::Findings, next);
            }
            Section::AuditTrail(after) => {
                let found = read_model.list_audit_chain(Some(team), page(after)).await?;
                let piece = |it| TeamPiece::AuditRecord(Box::new(it));
                self.keep(found, piece, Section::AuditTrail, Section::End);
            }
            Section::End => {}
        }
        Ok(())
    }

    async fn environments(
        &self,
        after: Option<EnvironmentId>,
    ) -> Result<Page<EnvironmentDetails, EnvironmentId>, StoreError> {
        let (read_model, team) = (&self.read_model, self.team);
        let all = EnvironmentFilter::default();
        let found = read_model
            .list_environments(team, &all, page(after))
            .await?;
        let mut items = Vec::new();
        for environment in found.items {
            items.extend(read_model.find_environment(team, environment.id).await?);
        }
        let next_after = found.next_after;
        Ok(Page { items, next_after })
    }

    async fn jobs(&self, after: Option<JobId>) -> Result<Page<JobDetails, JobId>, StoreError> {
        let (read_model, team) = (&self.read_model, self.team);
        let filter = JobFilter {
            team_id: Some(team),
            ..JobFilter::default()
        };
        let found = read_model.list_jobs(&filter, page(after)).await?;
        let mut items = Vec::new();
        for job in found.items {
            items.extend(read_model.find_job(team, job.id).await?);
        }
        let next_after = found.next_after;
        Ok(Page { items, next_after })
    }

    /// Keeps a page for later and notes where the next one is.
    fn keep<Item, Position>(
        &mut self,
        found: Page<Item, Position>,
        piece: impl Fn(Item) -> TeamPiece,
        again: impl Fn(Option<Position>) -> Section,
        next: Section,
    ) {
        self.section = match found.next_after {
            Some(after) => again(Some(after)),
            None => next,
        };
        self.ready.extend(found.items.into_iter().map(piece));
    }
}

fn page<Position: Copy>(after: Option<Position>) -> PageRequest<Position> {
    PageRequest::new(PAGE_SIZE_MAX, after)
}
