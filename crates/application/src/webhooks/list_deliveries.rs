//! What was and is to be sent to a webhook.

use crate::UseCaseError;
use crate::authorisation::demand;
use domain::access::{Actor, Permission};
use domain::ids::{TeamId, WebhookDeliveryId, WebhookId};
use domain::page::{Page, PageRequest};
use domain::ports::ReadModel;
use domain::webhook::{WebhookDelivery, WebhookDeliveryState};
use std::sync::Arc;

/// Lists deliveries.
#[derive(Clone)]
pub struct ListWebhookDeliveries {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl ListWebhookDeliveries {
    /// Demands `webhook.view`. Newest first.
    #[tracing::instrument(name = "usecase.webhooks.list_webhook_deliveries", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        (team, webhook): (TeamId, WebhookId),
        state: Option<WebhookDeliveryState>,
        page: PageRequest<WebhookDeliveryId>,
    ) -> Result<Page<WebhookDelivery, WebhookDeliveryId>, UseCaseError> {
        demand(actor, team, Permission::WebhookView)?;
        let found = self.read_model.find_webhook(team, webhook).await?;
        found.ok_or_else(UseCaseError::not_found)?;
        let read_model = &self.read_model;
        let page = read_model.list_webhook_deliveries(team, webhook, state, page);
        Ok(page.await?)
    }
}

/// Shows a delivery.
#[derive(Clone)]
pub struct GetWebhookDelivery {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl GetWebhookDelivery {
    /// Demands `webhook.view`.
    #[tracing::instrument(name = "usecase.webhooks.get_webhook_delivery", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        (team, webhook): (TeamId, WebhookId),
        delivery: WebhookDeliveryId,
    ) -> Result<WebhookDelivery, UseCaseError> {
        demand(actor, team, Permission::WebhookView)?;
        let read_model = &self.read_model;
        let found = read_model.find_webhook_delivery(team, webhook, delivery);
        found.await?.ok_or_else(UseCaseError::not_found)
    }
}
