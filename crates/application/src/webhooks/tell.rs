//! From the feed of a team to messages for its webhooks. Each webhook knows how far it was told; the messages and that
//! mark are stored in one transaction, so nothing is told twice and nothing left out, whoever dies in between.

use super::message;
use crate::UseCaseError;
use domain::limits::PAGE_SIZE_MAX;
use domain::page::PageRequest;
use domain::ports::{
    Clock, IdSource, ReadModel, TeamEventFilter, UnitOfWork, WebhookQueue, WritePriority, new_id,
};
use domain::webhook::Webhook;
use std::sync::Arc;

/// Webhooks that are told in one round.
const WEBHOOKS_AT_ONCE: u32 = 64;

/// Tells webhooks what happened.
#[derive(Clone)]
pub struct TellWebhooks {
    /// Who is to be told.
    pub queue: Arc<dyn WebhookQueue>,
    /// The feed.
    pub read_model: Arc<dyn ReadModel>,
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// Identifiers.
    pub ids: Arc<dyn IdSource>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

impl TellWebhooks {
    /// One round: a page of events for each webhook that is behind. How many messages were made. May be done by
    /// several processes at once. One webhook that cannot be told does not keep the others waiting.
    #[tracing::instrument(name = "usecase.webhooks.tell_webhooks", level = "debug", skip_all)]
    pub async fn run(&self) -> Result<usize, UseCaseError> {
        let mut made = 0;
        for webhook in self.queue.list_webhooks_behind(WEBHOOKS_AT_ONCE).await? {
            match self.tell(&webhook).await {
                Ok(count) => made += count,
                Err(error) => {
                    let id = webhook.id;
                    tracing::warn!(webhook.id = %id, %error, "webhook could not be told; trying again");
                }
            }
        }
        Ok(made)
    }

    async fn tell(&self, webhook: &Webhook) -> Result<usize, UseCaseError> {
        let (team, told_until) = (webhook.team_id, webhook.told_until);
        let page = PageRequest::new(PAGE_SIZE_MAX, Some(told_until));
        let all = TeamEventFilter::default();
        let events = self.read_model.list_team_events(team, all, page).await?;
        let Some(last) = events.items.last().map(|event| event.sequence) else {
            return self.skip_purged(webhook).await;
        };
        let mut transaction = self.unit_of_work.begin(WritePriority::Worker).await?;
        let webhooks = transaction.webhooks();
        let is_first = webhooks.advance_webhook(team, webhook.id, told_until, last);
        if !is_first.await? {
            return Ok(0);
        }
        let mut made = 0;
        for event in events
            .items
            .iter()
            .filter(|it| webhook.wants(it.event_type))
        {
            let (id, now) = (new_id(&*self.ids), self.clock.now());
            let delivery = message::about(webhook, id, now, event);
            webhooks.insert_webhook_delivery(&delivery).await?;
            made += 1;
        }
        let committed = transaction.commit().await;
        let advice = "nothing: it is looked at again";
        committed.map_err(|error| UseCaseError::from_commit(error, advice))?;
        Ok(made)
    }

    /// What it was to be told is not kept any more.
    async fn skip_purged(&self, webhook: &Webhook) -> Result<usize, UseCaseError> {
        let team = webhook.team_id;
        let mut transaction = self.unit_of_work.begin(WritePriority::Worker).await?;
        let webhooks = transaction.webhooks();
        let end = webhooks.find_end_of_feed(team).await?;
        let advanced = webhooks.advance_webhook(team, webhook.id, webhook.told_until, end);
        advanced.await?;
        let committed = transaction.commit().await;
        let advice = "nothing: it is looked at again";
        committed.map_err(|error| UseCaseError::from_commit(error, advice))?;
        Ok(0)
    }
}
