//! Which webhooks are to be told something, and which messages are to be sent.

use super::StoreError;
use crate::webhook::{Webhook, WebhookDelivery};
use async_trait::async_trait;
use std::time::Duration;

/// The webhooks as who serves them sees them.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait WebhookQueue: Send + Sync {
    /// Active webhooks that were not told of the last event of their team's feed, at most `limit`.
    async fn list_webhooks_behind(&self, limit: u32) -> Result<Vec<Webhook>, StoreError>;
    /// Takes messages that are due, at most `per_webhook` of one webhook and those that wait longest first. Each is
    /// counted as sent once more, and nobody else gets it before `lease` has passed by the database's clock: whoever
    /// dies while sending leaves it to be sent again.
    async fn claim_webhook_deliveries(
        &self,
        limit: u32,
        per_webhook: u32,
        lease: Duration,
    ) -> Result<Vec<WebhookDelivery>, StoreError>;
}
