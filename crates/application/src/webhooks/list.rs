//! The webhooks of a team.

use crate::UseCaseError;
use crate::authorisation::demand;
use domain::access::{Actor, Permission};
use domain::ids::{TeamId, WebhookId};
use domain::page::{Page, PageRequest};
use domain::ports::ReadModel;
use domain::webhook::Webhook;
use std::sync::Arc;

/// Lists webhooks.
#[derive(Clone)]
pub struct ListWebhooks {
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
}

impl ListWebhooks {
    /// Demands `webhook.view`.
    #[tracing::instrument(name = "usecase.webhooks.list_webhooks", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        page: PageRequest<WebhookId>,
    ) -> Result<Page<Webhook, WebhookId>, UseCaseError> {
        demand(actor, team, Permission::WebhookView)?;
        Ok(self.read_model.list_webhooks(team, page).await?)
    }
}
