//! Webhooks: addresses of a team that are told what happens in it, and the messages that are on their way to them.

use crate::ids::{TeamId, WebhookDeliveryId, WebhookId};
use crate::names::{DisplayName, WebhookUrl};
use crate::sealed::SealedSecret;
use crate::team_event::TeamEventType;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::time::Duration;

#[cfg(test)]
mod tests;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// How long after an attempt that failed the next one comes: at once, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h
/// and 24 h after the event.
const RETRY_AFTER_SECONDS: [u64; 9] = [
    5,
    5 * MINUTE - 5,
    25 * MINUTE,
    90 * MINUTE,
    3 * HOUR,
    5 * HOUR,
    4 * HOUR,
    6 * HOUR,
    4 * HOUR,
];

/// Whether anything is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookState {
    /// It is told what happens.
    Active,
    /// A person turned it off.
    Disabled,
    /// It was turned off: for a day nothing that was sent was taken.
    Failing,
    /// It was turned off: the receiver answered that it is gone for good.
    Gone,
}

impl WebhookState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Active, Self::Disabled, Self::Failing, Self::Gone];

    /// The stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
            Self::Failing => "failing",
            Self::Gone => "gone",
        }
    }

    /// Reads the stable text form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// A secret that is still good beside its successor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviousSecret {
    /// The secret.
    pub sealed: SealedSecret,
    /// From when on nothing is signed with it.
    pub until: Timestamp,
}

/// A webhook of a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// The webhook.
    pub id: WebhookId,
    /// The team.
    pub team_id: TeamId,
    /// Where messages go.
    pub url: WebhookUrl,
    /// What people call it.
    pub description: Option<DisplayName>,
    /// What it is told; everything when empty.
    pub event_types: BTreeSet<TeamEventType>,
    /// Whether anything is sent.
    pub state: WebhookState,
    /// What messages are signed with, sealed under the team's key.
    pub sealed_secret: SealedSecret,
    /// The secret before it.
    pub previous_secret: Option<PreviousSecret>,
    /// The sequence of the last event of the feed that it was told of, or does not want to be.
    pub told_until: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counts changes by people.
    pub version: i64,
}

impl Webhook {
    /// Whether it wants to be told of such an event.
    pub fn wants(&self, event_type: TeamEventType) -> bool {
        self.event_types.is_empty() || self.event_types.contains(&event_type)
    }
}

/// How far a message has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookDeliveryState {
    /// It is to be sent, or sent again.
    Waiting,
    /// The receiver has taken it. Final.
    Delivered,
    /// It was given up. Final.
    Failed,
}

impl WebhookDeliveryState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Delivered, Self::Failed];

    /// The stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }

    /// Reads the stable text form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// A message on its way to a webhook, with all its attempts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookDelivery {
    /// The delivery.
    pub id: WebhookDeliveryId,
    /// The team.
    pub team_id: TeamId,
    /// Where it goes.
    pub webhook_id: WebhookId,
    /// What the receiver knows the message by: the same at every attempt, and when it is sent anew.
    pub message_id: String,
    /// The type of the event, or `ping`.
    pub event_type: String,
    /// What is sent.
    pub body: String,
    /// How far it has come.
    pub state: WebhookDeliveryState,
    /// How often it was sent, the attempt that is going on included.
    pub attempts: u32,
    /// When it is sent next, while it waits.
    pub due_at: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last sent.
    pub last_attempt_at: Option<Timestamp>,
    /// What the receiver answered, if it did.
    pub last_status: Option<u16>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// When it was taken or given up.
    pub ended_at: Option<Timestamp>,
}

impl WebhookDelivery {
    /// How long to wait before it is sent again, a little longer for some than for others, so that a receiver that
    /// comes back does not get everything at once. `None` when it was sent as often as it may be.
    pub fn retry_after(&self) -> Option<Duration> {
        let place = usize::try_from(self.attempts.checked_sub(1)?).ok()?;
        let seconds = *RETRY_AFTER_SECONDS.get(place)?;
        let spread = seconds * 1_000 / 10;
        let own = self.message_id.bytes().fold(0_u64, |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(u64::from(byte))
        });
        Some(Duration::from_millis(seconds * 1_000 + own % spread.max(1)))
    }
}
