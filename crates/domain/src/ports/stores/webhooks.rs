//! Webhooks and what is on its way to them.

use crate::ids::{TeamId, WebhookDeliveryId, WebhookId};
use crate::ports::StoreError;
use crate::webhook::{Webhook, WebhookDelivery};
use async_trait::async_trait;
use std::time::Duration;

/// What became of an attempt to send a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttemptEnd {
    /// The receiver took it.
    Taken,
    /// It did not, and the message is sent again after that time.
    Again(Duration),
    /// It did not, and the message is given up.
    GivenUp,
}

/// Webhooks and their deliveries. Every look-up names the team.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait WebhookStore: Send {
    /// Adds a webhook.
    async fn insert_webhook(&mut self, webhook: &Webhook) -> Result<(), StoreError>;
    /// How many the team has.
    async fn count_webhooks(&mut self, team: TeamId) -> Result<i64, StoreError>;
    /// The webhook, locked against changes until the transaction ends.
    async fn lock_webhook(
        &mut self,
        team: TeamId,
        webhook: WebhookId,
    ) -> Result<Option<Webhook>, StoreError>;
    /// Writes all mutable columns of a webhook that is locked, and raises its version by one.
    async fn update_webhook(&mut self, webhook: &Webhook) -> Result<(), StoreError>;
    /// Removes a webhook with everything that is on its way to it. `false` when there is none.
    async fn delete_webhook(
        &mut self,
        team: TeamId,
        webhook: WebhookId,
    ) -> Result<bool, StoreError>;
    /// Gives up what waits to be sent to a webhook.
    async fn give_up_webhook_deliveries(
        &mut self,
        team: TeamId,
        webhook: WebhookId,
    ) -> Result<(), StoreError>;
    /// Turns off an active webhook because of its receiver, tells the feed, and gives up what waits to be sent.
    /// `false`, writing nothing, when it is not active any more.
    async fn turn_off_webhook(&mut self, webhook: &Webhook) -> Result<bool, StoreError>;
    /// The sequence of the last event of the team's feed; 0 before the first.
    async fn find_end_of_feed(&mut self, team: TeamId) -> Result<i64, StoreError>;
    /// Notes that an active webhook was told of everything until `to`, if it was told until `from` before. `false`,
    /// writing nothing, when somebody else was first.
    async fn advance_webhook(
        &mut self,
        team: TeamId,
        webhook: WebhookId,
        from: i64,
        to: i64,
    ) -> Result<bool, StoreError>;
    /// Adds a message, due at once.
    async fn insert_webhook_delivery(
        &mut self,
        delivery: &WebhookDelivery,
    ) -> Result<(), StoreError>;
    /// The message.
    async fn find_webhook_delivery(
        &mut self,
        team: TeamId,
        webhook: WebhookId,
        delivery: WebhookDeliveryId,
    ) -> Result<Option<WebhookDelivery>, StoreError>;
    /// Writes how an attempt ended, if the message still waits and no later attempt has begun; else does nothing.
    async fn end_webhook_attempt(
        &mut self,
        delivery: &WebhookDelivery,
        end: &AttemptEnd,
    ) -> Result<(), StoreError>;
    /// Whether the webhook took anything that was made since that long ago by the database's clock.
    async fn has_taken_within(
        &mut self,
        team: TeamId,
        webhook: WebhookId,
        age: Duration,
    ) -> Result<bool, StoreError>;
}
