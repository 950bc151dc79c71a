//! Tells webhooks what happened, and sends what is due.

use application::webhooks::{SendDueMessages, SentMessage, TellWebhooks};
use domain::ports::Clock;
use std::sync::Arc;
use std::time::Duration;
use telemetry::names::metrics::{LABEL_OUTCOME, WEBHOOK_MESSAGES_SENT};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Looked at this often while nothing is due.
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// Messages that are being sent at once.
const AT_ONCE: usize = 16;
/// How long messages that are being sent may take to come to an end at shutdown; they are sent again otherwise.
const DRAIN_WITHIN: Duration = Duration::from_secs(5);

/// Serves the webhooks of all teams. Several processes may do it at once.
#[derive(Clone)]
pub struct WebhookDispatch {
    /// From feeds to messages.
    pub tell: TellWebhooks,
    /// Messages on their way.
    pub send: SendDueMessages,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

impl WebhookDispatch {
    /// Works until `shutdown` is cancelled. A store that does not answer is asked again at the next look.
    pub async fn run(self, shutdown: CancellationToken) {
        let mut sending = JoinSet::new();
        while !shutdown.is_cancelled() {
            while sending.try_join_next().is_some() {}
            let told = self.tell.run().await.unwrap_or_else(|error| {
                tracing::warn!(%error, "webhooks could not be told; trying again");
                0
            });
            let taken = self.take(AT_ONCE - sending.len()).await;
            let is_idle = told == 0 && taken.is_empty();
            for delivery in taken {
                let send = self.send.clone();
                sending.spawn(async move {
                    let id = delivery.id;
                    match send.send(delivery).await {
                        Ok(sent) => count(sent),
                        Err(error) => {
                            tracing::warn!(webhook.delivery.id = %id, %error, "message could not be sent; it is tried again");
                        }
                    }
                });
            }
            if is_idle || sending.len() == AT_ONCE {
                tokio::select! {
                    () = shutdown.cancelled() => {}
                    () = self.clock.sleep(POLL_INTERVAL) => {}
                    Some(_) = sending.join_next() => {}
                }
            }
        }
        let drained = async { while sending.join_next().await.is_some() {} };
        tokio::time::timeout(DRAIN_WITHIN, drained).await.ok();
    }

    async fn take(&self, room: usize) -> Vec<domain::webhook::WebhookDelivery> {
        let room = u32::try_from(room).unwrap_or(0);
        if room == 0 {
            return Vec::new();
        }
        self.send.take(room).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "messages could not be taken; trying again");
            Vec::new()
        })
    }
}

fn count(sent: SentMessage) {
    let outcome = match sent {
        SentMessage::Taken => "taken",
        SentMessage::Again => "again",
        SentMessage::GivenUp => "given_up",
        SentMessage::NotSent => return,
    };
    metrics::counter!(WEBHOOK_MESSAGES_SENT, LABEL_OUTCOME => outcome).increment(1);
}
