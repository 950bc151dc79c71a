//! A message that is sent once more.

use super::message;
use super::ping::demand_active;
use crate::authorisation::demand;
use crate::{TeamChanges, UseCaseError};
use domain::access::{Actor, Permission};
use domain::ids::{TeamId, WebhookDeliveryId, WebhookId};
use domain::webhook::WebhookDelivery;

/// Sends messages again.
#[derive(Clone)]
pub struct ResendWebhookDelivery {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
}

impl ResendWebhookDelivery {
    /// Demands `webhook.manage`. A delivery of its own, of the same message under the same id, whatever became of the
    /// first. `webhook-inactive` for a webhook that is off. Doing it twice sends two.
    #[tracing::instrument(name = "usecase.webhooks.resend_webhook_delivery", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        (team, webhook): (TeamId, WebhookId),
        delivery: WebhookDeliveryId,
    ) -> Result<WebhookDelivery, UseCaseError> {
        let authorised = demand(actor, team, Permission::WebhookManage)?;
        let (mut transaction, now) = self.changes.begin(&authorised).await?;
        let webhooks = transaction.webhooks();
        let found = webhooks.lock_webhook(team, webhook).await?;
        let found = found.ok_or_else(UseCaseError::not_found)?;
        let sent = webhooks.find_webhook_delivery(team, webhook, delivery);
        let sent = sent.await?.ok_or_else(UseCaseError::not_found)?;
        demand_active(&found)?;
        let again = message::again(&found, &self.changes, sent);
        webhooks.insert_webhook_delivery(&again).await?;
        let what = ("webhook.resend", delivery.to_string());
        let advice = "list the deliveries of the webhook";
        self.changes.finish(transaction, &now, what, advice).await?;
        Ok(again)
    }
}
