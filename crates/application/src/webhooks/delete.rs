//! The end of a webhook.

use crate::authorisation::demand;
use crate::{TeamChanges, UseCaseError};
use domain::access::{Actor, Permission};
use domain::ids::{TeamId, WebhookId};

/// Deletes webhooks.
#[derive(Clone)]
pub struct DeleteWebhook {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
}

impl DeleteWebhook {
    /// Demands `webhook.manage`. What waits for it is not sent any more; a message that is being sent just now may
    /// still arrive. *Not found* for one that was deleted before.
    #[tracing::instrument(name = "usecase.webhooks.delete_webhook", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        webhook: WebhookId,
    ) -> Result<(), UseCaseError> {
        let authorised = demand(actor, team, Permission::WebhookManage)?;
        let (mut transaction, now) = self.changes.begin(&authorised).await?;
        if !transaction.webhooks().delete_webhook(team, webhook).await? {
            return Err(UseCaseError::not_found());
        }
        let what = ("webhook.delete", webhook.to_string());
        let advice = "list the webhooks";
        self.changes.finish(transaction, &now, what, advice).await
    }
}
