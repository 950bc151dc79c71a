//! What happens in a team, as it is told to whoever follows it: the feed, its streams and webhooks. An event says
//! that something changed and what; how it is now is read from the thing itself.

use crate::ids::{
    EnvironmentId, FindingId, JobId, PlatformAccountId, TeamEventId, TeamId, WebhookId,
};
use jiff::Timestamp;

#[cfg(test)]
mod tests;

macro_rules! event_types {
    ($($(#[doc = $doc:literal])+ $variant:ident = $text:literal;)*) => {
        /// What happened.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum TeamEventType {
            $($(#[doc = $doc])+ $variant,)*
        }

        impl TeamEventType {
            /// Every type, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable text form, `area.what`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// Reads the stable text form.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)* _ => None }
            }

            /// What it means, in a sentence.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+).trim_ascii(),)* }
            }
        }
    };
}

event_types! {
    /// A job was accepted, or goes on after a person has looked at it.
    JobQueued = "job.queued";
    /// A worker has begun with a job.
    JobStarted = "job.started";
    /// A job is done.
    JobSucceeded = "job.succeeded";
    /// A job has failed; what it had done is undone as far as its steps promise.
    JobFailed = "job.failed";
    /// A job was cancelled, and what it had done is undone.
    JobCancelled = "job.cancelled";
    /// Whether a step of a job happened cannot be found out; a person decides.
    JobNeedsAttention = "job.needs_attention";
    /// An environment is known of; a job is building it.
    EnvironmentCreated = "environment.created";
    /// What is shown of an environment has changed.
    EnvironmentChanged = "environment.changed";
    /// An environment is gone, or could not be built and nothing of it is left.
    EnvironmentGone = "environment.gone";
    /// Two syncs have seen something that does not fit.
    FindingOpened = "finding.opened";
    /// A sync did not see it any more.
    FindingClosed = "finding.closed";
    /// The platform account was connected, or its credential replaced.
    PlatformAccountConnected = "platform_account.connected";
    /// The platform refuses the credential; only the owner can help.
    PlatformAccountNeedsReauthentication = "platform_account.needs_reauthentication";
    /// The credential of the platform account was destroyed.
    PlatformAccountDisconnected = "platform_account.disconnected";
    /// A webhook was turned off because its receiver does not take what is sent.
    WebhookDisabled = "webhook.disabled";
}

/// What an event is about, by its id, with the little that tells readers whether they care.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TeamEventSubject {
    /// A job.
    Job {
        /// The job.
        job_id: JobId,
        /// The stable text of its kind.
        kind: String,
        /// The environment that it is about.
        environment_id: Option<EnvironmentId>,
    },
    /// An environment.
    Environment {
        /// The environment.
        environment_id: EnvironmentId,
        /// The stable text of its state after the event.
        state: String,
    },
    /// A finding.
    Finding {
        /// The finding.
        finding_id: FindingId,
        /// The stable text of its kind.
        kind: String,
        /// The environment that it is about.
        environment_id: Option<EnvironmentId>,
    },
    /// The platform account.
    PlatformAccount {
        /// The account.
        platform_account_id: PlatformAccountId,
    },
    /// A webhook.
    Webhook {
        /// The webhook.
        webhook_id: WebhookId,
    },
}

impl TeamEventSubject {
    /// The environment that it is about.
    pub fn environment_id(&self) -> Option<EnvironmentId> {
        match self {
            Self::Job { environment_id, .. } | Self::Finding { environment_id, .. } => {
                *environment_id
            }
            Self::Environment { environment_id, .. } => Some(*environment_id),
            Self::PlatformAccount { .. } | Self::Webhook { .. } => None,
        }
    }
}

/// Something that happened in a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamEvent {
    /// The team.
    pub team_id: TeamId,
    /// Its number in the team: 1, 2, 3 … without a gap, and visible in this order.
    pub sequence: i64,
    /// When, by the database's clock.
    pub at: Timestamp,
    /// What.
    pub event_type: TeamEventType,
    /// About what.
    pub subject: TeamEventSubject,
}

impl TeamEvent {
    /// The same wherever the event is told.
    pub fn id(&self) -> TeamEventId {
        TeamEventId {
            team_id: self.team_id,
            sequence: self.sequence,
        }
    }
}
