//! A new secret for a webhook.

use super::NewWebhook;
use crate::authorisation::demand;
use crate::{CredentialCustody, TeamChanges, UseCaseError};
use domain::access::{Actor, Permission};
use domain::ids::{TeamId, WebhookId};
use domain::limits::WEBHOOK_SECRET_OVERLAP;
use domain::ports::TokenHasher;
use domain::webhook::PreviousSecret;
use std::sync::Arc;

/// Replaces secrets.
#[derive(Clone)]
pub struct ReplaceWebhookSecret {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
    /// Makes the secret.
    pub token_hasher: Arc<dyn TokenHasher>,
    /// Seals it.
    pub custody: CredentialCustody,
}

impl ReplaceWebhookSecret {
    /// Demands `webhook.manage`. Messages are signed with both secrets for [`WEBHOOK_SECRET_OVERLAP`]; the one before
    /// the last is worthless at once. Doing it twice makes two secrets.
    #[tracing::instrument(name = "usecase.webhooks.replace_webhook_secret", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        webhook: WebhookId,
    ) -> Result<NewWebhook, UseCaseError> {
        let authorised = demand(actor, team, Permission::WebhookManage)?;
        let (mut transaction, now) = self.changes.begin(&authorised).await?;
        let key = transaction.teams().find_team_key(team).await?;
        let key = key.ok_or_else(UseCaseError::not_found)?;
        let webhooks = transaction.webhooks();
        let found = webhooks.lock_webhook(team, webhook).await?;
        let mut found = found.ok_or_else(UseCaseError::not_found)?;
        let secret = self.token_hasher.new_webhook_secret()?;
        let custody = &self.custody;
        // Each secret is sealed for its own column, so the old one cannot just move.
        let old = custody.open_webhook_secret(&key, &found)?;
        let sealed = custody.seal_previous_webhook_secret(&key, webhook, team, &old)?;
        found.previous_secret = Some(PreviousSecret {
            sealed,
            until: self.changes.end_of(WEBHOOK_SECRET_OVERLAP),
        });
        found.sealed_secret = custody.seal_webhook_secret(&key, webhook, team, &secret)?;
        webhooks.update_webhook(&found).await?;
        let what = ("webhook.replace_secret", webhook.to_string());
        let advice = "replace the secret again: the new one is lost,";
        self.changes.finish(transaction, &now, what, advice).await?;
        found.version += 1;
        Ok(NewWebhook {
            webhook: found,
            secret,
        })
    }
}
