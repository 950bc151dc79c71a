//! Another address, other events, on or off.

use super::WebhookContent;
use crate::authorisation::demand;
use crate::team_changes::demand_version;
use crate::{TeamChanges, UseCaseError};
use domain::access::{Actor, Permission};
use domain::ids::{TeamId, WebhookId};
use domain::ports::WebhookSender;
use domain::webhook::{Webhook, WebhookState};
use std::sync::Arc;

/// Changes a webhook.
#[derive(Clone)]
pub struct ChangeWebhook {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
    /// Knows where nothing can be sent to.
    pub sender: Arc<dyn WebhookSender>,
}

impl ChangeWebhook {
    /// Demands `webhook.manage`. One that is turned off gets nothing any more, not even what waits; one that is turned
    /// on is told what happens from then on. What happened meanwhile is in the feed. `precondition-failed` when another
    /// version is there than the expected one. Idempotent without it.
    #[tracing::instrument(name = "usecase.webhooks.change_webhook", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        webhook: WebhookId,
        content: WebhookContent,
        expected_version: Option<i64>,
    ) -> Result<Webhook, UseCaseError> {
        let authorised = demand(actor, team, Permission::WebhookManage)?;
        content.check(&*self.sender)?;
        let (mut transaction, now) = self.changes.begin(&authorised).await?;
        let webhooks = transaction.webhooks();
        let found = webhooks.lock_webhook(team, webhook).await?;
        let mut found = found.ok_or_else(UseCaseError::not_found)?;
        demand_version(expected_version, found.version)?;
        found.url = content.url;
        found.description = content.description;
        found.event_types = content.event_types;
        match (found.state, content.is_active) {
            (WebhookState::Active, false) => {
                found.state = WebhookState::Disabled;
                webhooks.give_up_webhook_deliveries(team, webhook).await?;
            }
            (WebhookState::Active, true) | (_, false) => {}
            (_, true) => {
                found.state = WebhookState::Active;
                found.told_until = webhooks.find_end_of_feed(team).await?;
            }
        }
        webhooks.update_webhook(&found).await?;
        let what = ("webhook.update", webhook.to_string());
        let advice = "read the webhook";
        self.changes.finish(transaction, &now, what, advice).await?;
        found.version += 1;
        Ok(found)
    }
}
