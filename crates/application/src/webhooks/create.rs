//! A new webhook.

use super::WebhookContent;
use crate::authorisation::demand;
use crate::{CredentialCustody, TeamChanges, UseCaseError};
use domain::SecretText;
use domain::access::{Actor, Permission};
use domain::error_code::ErrorCode;
use domain::ids::TeamId;
use domain::limits;
use domain::ports::{TokenHasher, WebhookSender};
use domain::webhook::{Webhook, WebhookState};
use std::sync::Arc;

/// A webhook that was just made, with the secret that its messages are signed with, which is told this once.
pub struct NewWebhook {
    /// What is stored of it.
    pub webhook: Webhook,
    /// The secret.
    pub secret: SecretText,
}

/// Makes webhooks.
#[derive(Clone)]
pub struct CreateWebhook {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
    /// Makes the secret.
    pub token_hasher: Arc<dyn TokenHasher>,
    /// Seals it.
    pub custody: CredentialCustody,
    /// Knows where nothing can be sent to.
    pub sender: Arc<dyn WebhookSender>,
}

impl CreateWebhook {
    /// Demands `webhook.manage`. `limit-reached` at [`limits::WEBHOOKS_MAX`]. It is told what happens from now on.
    /// Doing it twice makes two webhooks.
    #[tracing::instrument(name = "usecase.webhooks.create_webhook", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        content: WebhookContent,
    ) -> Result<NewWebhook, UseCaseError> {
        let authorised = demand(actor, team, Permission::WebhookManage)?;
        content.check(&*self.sender)?;
        let (mut transaction, now) = self.changes.begin(&authorised).await?;
        if transaction.webhooks().count_webhooks(team).await? >= limits::WEBHOOKS_MAX {
            return Err(UseCaseError::new(
                ErrorCode::LimitReached,
                "the team has as many webhooks as it may have; delete one first",
            ));
        }
        let key = transaction.teams().find_team_key(team).await?;
        let key = key.ok_or_else(UseCaseError::not_found)?;
        let id = self.changes.new_id();
        let secret = self.token_hasher.new_webhook_secret()?;
        let state = if content.is_active {
            WebhookState::Active
        } else {
            WebhookState::Disabled
        };
        let webhook = Webhook {
            id,
            team_id: team,
            url: content.url,
            description: content.description,
            event_types: content.event_types,
            state,
            sealed_secret: self.custody.seal_webhook_secret(&key, id, team, &secret)?,
            previous_secret: None,
            told_until: transaction.webhooks().find_end_of_feed(team).await?,
            created_at: self.changes.now(),
            version: 1,
        };
        transaction.webhooks().insert_webhook(&webhook).await?;
        let what = ("webhook.create", id.to_string());
        let advice = "list the webhooks, and delete one that nobody knows,";
        self.changes.finish(transaction, &now, what, advice).await?;
        Ok(NewWebhook { webhook, secret })
    }
}
