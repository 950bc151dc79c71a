//! Removing what nobody needs any more.

use super::StoreError;
use async_trait::async_trait;
use std::time::Duration;

/// What grows old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Perishable {
    /// Jobs that succeeded, failed or were cancelled, by their end, with journal, log, sealed secrets and
    /// remembered requests. Never one that waits for a person.
    FinishedJobs,
    /// Syncs that came by themselves and succeeded, by their end: there are many, and they say little.
    ScheduledSyncs,
    /// Findings that were closed, by their closing.
    ClosedFindings,
    /// Remembered requests whose job has ended, by its end.
    SettledRequests,
    /// Events of teams.
    TeamEvents,
    /// Messages to webhooks that were taken or given up, by their end.
    WebhookDeliveries,
    /// Browser sessions, by their expiry.
    BrowserSessions,
    /// Links that were mailed, by their expiry.
    EmailLinks,
    /// Counters of attempts, by the beginning of their window.
    LoginThrottles,
    /// Invitations, used ones included, by their expiry.
    Invitations,
    /// First steps of deleting a team, by their expiry.
    TeamDeletions,
    /// Offers of ownership, by their expiry.
    OwnershipOffers,
}

impl Perishable {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::FinishedJobs,
        Self::ScheduledSyncs,
        Self::ClosedFindings,
        Self::SettledRequests,
        Self::TeamEvents,
        Self::WebhookDeliveries,
        Self::BrowserSessions,
        Self::EmailLinks,
        Self::LoginThrottles,
        Self::Invitations,
        Self::TeamDeletions,
        Self::OwnershipOffers,
    ];

    /// The stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FinishedJobs => "finished_jobs",
            Self::ScheduledSyncs => "scheduled_syncs",
            Self::ClosedFindings => "closed_findings",
            Self::SettledRequests => "settled_requests",
            Self::TeamEvents => "team_events",
            Self::WebhookDeliveries => "webhook_deliveries",
            Self::BrowserSessions => "browser_sessions",
            Self::EmailLinks => "email_links",
            Self::LoginThrottles => "login_throttles",
            Self::Invitations => "invitations",
            Self::TeamDeletions => "team_deletions",
            Self::OwnershipOffers => "ownership_offers",
        }
    }
}

/// The store as who cleans it sees it.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait RetentionStore: Send + Sync {
    /// How many there are that are older than that by the database's clock.
    async fn count_older(&self, what: Perishable, age: Duration) -> Result<u64, StoreError>;
    /// Removes some of them, at most `limit`, in one transaction, and says how many. May be repeated, and
    /// done by several processes at once; locks nothing that a job or a request waits for.
    async fn purge_older(
        &self,
        what: Perishable,
        age: Duration,
        limit: u32,
    ) -> Result<u64, StoreError>;
}
