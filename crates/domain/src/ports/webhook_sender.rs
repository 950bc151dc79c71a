//! Sending messages to addresses that customers name.

use crate::names::WebhookUrl;
use crate::secret::SecretText;
use async_trait::async_trait;
use jiff::Timestamp;

/// A message, and what it is signed with.
pub struct WebhookMessage {
    /// Where it goes.
    pub url: WebhookUrl,
    /// What the receiver knows it by.
    pub id: String,
    /// When it is sent; part of what is signed.
    pub sent_at: Timestamp,
    /// What is sent: JSON.
    pub body: String,
    /// `whsec_` and base64, the newest first. Each gives one signature.
    pub secrets: Vec<SecretText>,
}

/// Why no answer came. The text is shown to the team, so it says nothing about addresses inside the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebhookSendError {
    /// The address must not be sent to.
    #[error("the address is not on the public internet")]
    Forbidden,
    /// The host has no address.
    #[error("the host name could not be resolved")]
    Unresolved,
    /// Nothing takes connections there.
    #[error("no connection could be made")]
    Unreachable,
    /// The certificate is not right, or no encryption was agreed on.
    #[error("no encrypted connection could be made; look at the certificate")]
    Encryption,
    /// The answer did not come in time.
    #[error("no answer came in time")]
    TimedOut,
    /// What came was not an answer.
    #[error("the connection ended without an answer")]
    NoAnswer,
}

/// Sends messages as Standard Webhooks asks for.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait WebhookSender: Send + Sync {
    /// Why nothing can ever be sent to the address, in a sentence; `None` when it may be tried. Looks nothing up.
    fn refusal(&self, url: &WebhookUrl) -> Option<&'static str>;
    /// Sends a message once and gives the status of the answer, whatever it is; redirects are not followed. Every
    /// address that the host has is looked at before one of them is connected to. Takes 20 s at most.
    async fn send(&self, message: WebhookMessage) -> Result<u16, WebhookSendError>;
}
