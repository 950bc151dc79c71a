//! Sending what is due, once more and once more if need be.

use crate::{CredentialCustody, UseCaseError};
use domain::SecretText;
use domain::audit::{AuditEvent, AuditOutcome};
use domain::ports::{
    AttemptEnd, Clock, IdSource, ReadModel, UnitOfWork, WebhookMessage, WebhookQueue,
    WebhookSendError, WebhookSender, WritePriority, new_id,
};
use domain::sealed::WrappedKey;
use domain::webhook::{Webhook, WebhookDelivery, WebhookState};
use std::sync::Arc;
use std::time::Duration;

/// A message is somebody else's again after that time: it is longer than any attempt takes.
const LEASE: Duration = Duration::from_mins(1);
/// Of one webhook at a time, so that a slow receiver does not keep the others waiting.
const PER_WEBHOOK: u32 = 4;
/// What an answer must be to count as taken.
const TAKEN: std::ops::Range<u16> = 200..300;
/// The receiver wants nothing any more.
const GONE: u16 = 410;
/// A webhook that took nothing for so long is turned off when a message is given up.
const SILENT_FOR: Duration = Duration::from_hours(24);

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SentMessage {
    /// The receiver took it.
    Taken,
    /// It is sent again later.
    Again,
    /// It was given up.
    GivenUp,
    /// The webhook was turned off or deleted meanwhile, and the message given up with it.
    NotSent,
}

/// Sends messages.
#[derive(Clone)]
pub struct SendDueMessages {
    /// What is due.
    pub queue: Arc<dyn WebhookQueue>,
    /// Webhooks and the keys of their teams.
    pub read_model: Arc<dyn ReadModel>,
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// Opens secrets.
    pub custody: CredentialCustody,
    /// Sends.
    pub sender: Arc<dyn WebhookSender>,
    /// Identifiers.
    pub ids: Arc<dyn IdSource>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

impl SendDueMessages {
    /// Takes at most so many messages that are due. Each must be given to [`SendDueMessages::send`] soon.
    pub async fn take(&self, limit: u32) -> Result<Vec<WebhookDelivery>, UseCaseError> {
        let queue = &self.queue;
        let taken = queue.claim_webhook_deliveries(limit, PER_WEBHOOK, LEASE);
        Ok(taken.await?)
    }

    /// Sends a message that was taken, and stores what became of it. A receiver may get a message twice, never under
    /// two ids: whoever dies before this is stored leaves it to be sent again.
    pub async fn send(&self, mut delivery: WebhookDelivery) -> Result<SentMessage, UseCaseError> {
        let (team, id) = (delivery.team_id, delivery.webhook_id);
        let found = self.read_model.find_webhook_with_key(team, id).await?;
        let Some((webhook, key)) = found.filter(|(it, _)| it.state == WebhookState::Active) else {
            return Ok(SentMessage::NotSent);
        };
        let message = WebhookMessage {
            url: webhook.url.clone(),
            id: delivery.message_id.clone(),
            sent_at: self.clock.now(),
            body: delivery.body.clone(),
            secrets: self.secrets(&webhook, &key)?,
        };
        let answer = self.sender.send(message).await;
        delivery.last_status = answer.as_ref().ok().copied();
        delivery.last_error = reason(answer);
        match answer {
            Ok(status) if TAKEN.contains(&status) => {
                self.store(&delivery, &AttemptEnd::Taken, None).await?;
                Ok(SentMessage::Taken)
            }
            Ok(GONE) => {
                let off = Some((&webhook, WebhookState::Gone));
                self.store(&delivery, &AttemptEnd::GivenUp, off).await?;
                Ok(SentMessage::GivenUp)
            }
            _ => self.not_taken(&webhook, &delivery).await,
        }
    }

    /// Sent again while it may be; else it is given up, and the webhook is looked at.
    async fn not_taken(
        &self,
        webhook: &Webhook,
        delivery: &WebhookDelivery,
    ) -> Result<SentMessage, UseCaseError> {
        if let Some(after) = delivery.retry_after() {
            self.store(delivery, &AttemptEnd::Again(after), None)
                .await?;
            return Ok(SentMessage::Again);
        }
        let off = Some((webhook, WebhookState::Failing));
        self.store(delivery, &AttemptEnd::GivenUp, off).await?;
        Ok(SentMessage::GivenUp)
    }

    /// The newest first.
    fn secrets(
        &self,
        webhook: &Webhook,
        key: &WrappedKey,
    ) -> Result<Vec<SecretText>, UseCaseError> {
        let now = self.clock.now();
        let mut secrets = vec![self.custody.open_webhook_secret(key, webhook)?];
        let previous = webhook.previous_secret.as_ref();
        if let Some(previous) = previous.filter(|previous| now < previous.until) {
            let opened = self
                .custody
                .open_previous_webhook_secret(key, webhook, &previous.sealed);
            secrets.push(opened?);
        }
        Ok(secrets)
    }

    fn turned_off(&self, webhook: &Webhook) -> AuditEvent {
        let (action, target) = ("webhook.turn_off", webhook.id.to_string());
        let done = AuditOutcome::Succeeded;
        let id = new_id(&*self.ids);
        AuditEvent {
            detail: Some(webhook.state.as_str().to_owned()),
            ..AuditEvent::by_system(id, webhook.team_id, action, target, done)
        }
    }

    /// Writes the end of the attempt, and turns the webhook off if that is what it comes to.
    async fn store(
        &self,
        delivery: &WebhookDelivery,
        end: &AttemptEnd,
        off: Option<(&Webhook, WebhookState)>,
    ) -> Result<(), UseCaseError> {
        let mut transaction = self.unit_of_work.begin(WritePriority::Worker).await?;
        let webhooks = transaction.webhooks();
        webhooks.end_webhook_attempt(delivery, end).await?;
        if let Some((webhook, state)) = off {
            let (team, id) = (webhook.team_id, webhook.id);
            let still_takes = state == WebhookState::Failing
                && webhooks.has_taken_within(team, id, SILENT_FOR).await?;
            let off = Webhook {
                state,
                ..webhook.clone()
            };
            if !still_takes && webhooks.turn_off_webhook(&off).await? {
                let event = self.turned_off(&off);
                transaction.audit().append_audit_event(&event).await?;
                tracing::info!(team.id = %team, webhook.id = %id, state = state.as_str(), "webhook was turned off");
            }
        }
        let committed = transaction.commit().await;
        let advice = "nothing: the message is sent again";
        committed.map_err(|error| UseCaseError::from_commit(error, advice))
    }
}

/// Why it was not taken, as the team reads it.
fn reason(answer: Result<u16, WebhookSendError>) -> Option<String> {
    match answer {
        Ok(status) if TAKEN.contains(&status) => None,
        Ok(status @ 300..400) => Some(format!(
            "the answer was {status}; redirects are not followed"
        )),
        Ok(status) => Some(format!("the answer was {status}")),
        Err(error) => Some(error.to_string()),
    }
}
