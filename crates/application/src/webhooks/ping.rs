//! A message that only shows that messages arrive.

use super::message;
use crate::authorisation::demand;
use crate::{TeamChanges, UseCaseError};
use domain::access::{Actor, Permission};
use domain::error_code::ErrorCode;
use domain::ids::{TeamId, WebhookId};
use domain::webhook::{Webhook, WebhookDelivery, WebhookState};

/// Sends pings.
#[derive(Clone)]
pub struct PingWebhook {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
}

/// `webhook-inactive` for a webhook that is off: nothing would be sent.
pub(super) fn demand_active(webhook: &Webhook) -> Result<(), UseCaseError> {
    if webhook.state == WebhookState::Active {
        return Ok(());
    }
    Err(UseCaseError::new(
        ErrorCode::WebhookInactive,
        "the webhook is off; turn it on first",
    ))
}

impl PingWebhook {
    /// Demands `webhook.manage`. The message is sent like any other: soon, and again if it is not taken.
    /// `webhook-inactive` for one that is off. Doing it twice sends two.
    #[tracing::instrument(name = "usecase.webhooks.ping_webhook", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        webhook: WebhookId,
    ) -> Result<WebhookDelivery, UseCaseError> {
        let authorised = demand(actor, team, Permission::WebhookManage)?;
        let (mut transaction, now) = self.changes.begin(&authorised).await?;
        let webhooks = transaction.webhooks();
        let found = webhooks.lock_webhook(team, webhook).await?;
        let found = found.ok_or_else(UseCaseError::not_found)?;
        demand_active(&found)?;
        let delivery = message::ping(&found, &self.changes);
        webhooks.insert_webhook_delivery(&delivery).await?;
        let what = ("webhook.ping", webhook.to_string());
        let advice = "list the deliveries of the webhook";
        self.changes.finish(transaction, &now, what, advice).await?;
        Ok(delivery)
    }
}
