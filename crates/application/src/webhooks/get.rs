//! One webhook.

use crate::UseCaseError;
use crate::authorisation::demand;
use domain::access::{Actor, Permission};
use domain::ids::{TeamId, WebhookId};
use domain::ports::ReadModel;
use domain::webhook::Webhook;
use std::sync::Arc;

/// Shows a webhook.
#[derive(Clone)]
pub struct GetWebhook {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl GetWebhook {
    /// Demands `webhook.view`.
    #[tracing::instrument(name = "usecase.webhooks.get_webhook", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        webhook: WebhookId,
    ) -> Result<Webhook, UseCaseError> {
        demand(actor, team, Permission::WebhookView)?;
        let found = self.read_model.find_webhook(team, webhook).await?;
        found.ok_or_else(UseCaseError::not_found)
    }
}
