//! Webhooks of a team: who may change them, and telling them what happens.

mod change;
mod content;
mod create;
mod delete;
mod get;
mod list;
mod list_deliveries;
mod message;
mod ping;
mod replace_secret;
mod resend;
mod send;
mod tell;
#[cfg(test)]
mod tests;

pub use change::ChangeWebhook;
pub use content::WebhookContent;
pub use create::{CreateWebhook, NewWebhook};
pub use delete::DeleteWebhook;
pub use get::GetWebhook;
pub use list::ListWebhooks;
pub use list_deliveries::{GetWebhookDelivery, ListWebhookDeliveries};
pub use ping::PingWebhook;
pub use replace_secret::ReplaceWebhookSecret;
pub use resend::ResendWebhookDelivery;
pub use send::{SendDueMessages, SentMessage};
pub use tell::TellWebhooks;
