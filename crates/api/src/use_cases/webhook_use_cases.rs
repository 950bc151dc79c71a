//! The use cases about webhooks.

use super::TeamPorts;
use application::webhooks::{
    ChangeWebhook, CreateWebhook, DeleteWebhook, GetWebhook, GetWebhookDelivery,
    ListWebhookDeliveries, ListWebhooks, PingWebhook, ReplaceWebhookSecret, ResendWebhookDelivery,
};
use domain::ports::WebhookSender;
use std::sync::Arc;

/// Webhooks, and what is sent to them.
#[derive(Clone)]
pub struct WebhookUseCases {
    /// Lists webhooks.
    pub list: ListWebhooks,
    /// Shows a webhook.
    pub get: GetWebhook,
    /// Makes a webhook.
    pub create: CreateWebhook,
    /// Changes a webhook.
    pub change: ChangeWebhook,
    /// Deletes a webhook.
    pub delete: DeleteWebhook,
    /// Replaces its secret.
    pub replace_secret: ReplaceWebhookSecret,
    /// Sends a ping.
    pub ping: PingWebhook,
    /// Lists deliveries.
    pub list_deliveries: ListWebhookDeliveries,
    /// Shows a delivery.
    pub get_delivery: GetWebhookDelivery,
    /// Sends a message again.
    pub resend: ResendWebhookDelivery,
}

impl WebhookUseCases {
    /// Builds them.
    pub fn new(ports: &TeamPorts, sender: &Arc<dyn WebhookSender>) -> Self {
        let changes = || ports.changes.clone();
        let read_model = || Arc::clone(&ports.read_model);
        Self {
            list: ListWebhooks {
                read_model: read_model(),
            },
            get: GetWebhook {
                read_model: read_model(),
            },
            create: CreateWebhook {
                changes: changes(),
                token_hasher: Arc::clone(&ports.token_hasher),
                custody: ports.custody.clone(),
                sender: Arc::clone(sender),
            },
            change: ChangeWebhook {
                changes: changes(),
                sender: Arc::clone(sender),
            },
            delete: DeleteWebhook { changes: changes() },
            replace_secret: ReplaceWebhookSecret {
                changes: changes(),
                token_hasher: Arc::clone(&ports.token_hasher),
                custody: ports.custody.clone(),
            },
            ping: PingWebhook { changes: changes() },
            list_deliveries: ListWebhookDeliveries {
                read_model: read_model(),
            },
            get_delivery: GetWebhookDelivery {
                read_model: read_model(),
            },
            resend: ResendWebhookDelivery { changes: changes() },
        }
    }
}
