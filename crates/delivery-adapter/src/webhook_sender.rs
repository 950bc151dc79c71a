//! Sending messages to addresses that customers name, as Standard Webhooks asks for. Nobody inside the house can be
//! reached by it: every address that a host has is looked at, one of those is connected to, and redirects are not
//! followed.

mod connection;
mod signature;
#[cfg(test)]
mod tests;

use crate::host_resolver::SystemResolver;
use async_trait::async_trait;
use bytes::Bytes;
use connection::TrustAnchors;
use domain::names::WebhookUrl;
use domain::ports::{HostResolver, WebhookMessage, WebhookSendError, WebhookSender};
use domain::public_addresses::is_public;
use http::{Request, header};
use http_body_util::Full;
use signature::signatures;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use url::{Host, Position, Url};

/// From the look-up of the host to the head of the answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);
const USER_AGENT: &str = concat!("Windlass/", env!("CARGO_PKG_VERSION"));
const NOT_PUBLIC: &str = "must lead to the public internet";

/// Sends messages over HTTP.
pub struct HttpWebhookSender {
    allows_private: bool,
    resolver: Arc<dyn HostResolver>,
    trust: TrustAnchors,
}

impl HttpWebhookSender {
    /// Sends to public addresses by HTTPS only, or, where whoever runs the service says so, to every address and
    /// without encryption as well.
    pub fn new(allows_private: bool) -> Self {
        Self {
            allows_private,
            resolver: Arc::new(SystemResolver),
            trust: TrustAnchors::of_this_machine(),
        }
    }

    /// Where the host may be connected to; refused as a whole if one of its addresses is inside.
    async fn addresses(&self, url: &Url) -> Result<Vec<SocketAddr>, WebhookSendError> {
        let port = url.port_or_known_default();
        let port = port.ok_or(WebhookSendError::Unresolved)?;
        let found: Vec<IpAddr> = match url.host().ok_or(WebhookSendError::Unresolved)? {
            Host::Ipv4(address) => vec![address.into()],
            Host::Ipv6(address) => vec![address.into()],
            Host::Domain(name) => self.resolver.resolve(name).await,
        };
        if found.is_empty() {
            return Err(WebhookSendError::Unresolved);
        }
        if !self.allows_private && !found.iter().copied().all(is_public) {
            return Err(WebhookSendError::Forbidden);
        }
        Ok(found
            .into_iter()
            .map(|address| SocketAddr::new(address, port))
            .collect())
    }

    async fn send_now(&self, message: WebhookMessage) -> Result<u16, WebhookSendError> {
        let url = Url::parse(message.url.as_str()).map_err(|_| WebhookSendError::Unresolved)?;
        if self.refusal(&message.url).is_some() {
            return Err(WebhookSendError::Forbidden);
        }
        let addresses = self.addresses(&url).await?;
        let request = request(&url, message)?;
        let stream = connection::connect(&addresses).await?;
        if url.scheme() == "https" {
            let encrypted = connection::encrypt(stream, &url, &self.trust).await?;
            connection::exchange(encrypted, request).await
        } else {
            connection::exchange(stream, request).await
        }
    }
}

fn request(url: &Url, message: WebhookMessage) -> Result<Request<Full<Bytes>>, WebhookSendError> {
    let seconds = message.sent_at.as_second();
    let signatures = signatures(&message.secrets, &message.id, seconds, &message.body);
    Request::post(&url[Position::BeforePath..Position::AfterQuery])
        .header(
            header::HOST,
            &url[Position::BeforeHost..Position::AfterPort],
        )
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, USER_AGENT)
        .header("webhook-id", message.id)
        .header("webhook-timestamp", seconds)
        .header("webhook-signature", signatures)
        .body(Full::new(Bytes::from(message.body)))
        .map_err(|_| WebhookSendError::Unresolved)
}

#[async_trait]
impl WebhookSender for HttpWebhookSender {
    fn refusal(&self, url: &WebhookUrl) -> Option<&'static str> {
        let Ok(url) = Url::parse(url.as_str()) else {
            return Some("must be an address that can be read");
        };
        if self.allows_private {
            return None;
        }
        if url.scheme() != "https" {
            return Some("must be an `https://` address");
        }
        let is_refused = match url.host() {
            None => true,
            Some(Host::Ipv4(address)) => !is_public(address.into()),
            Some(Host::Ipv6(address)) => !is_public(address.into()),
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.');
                !name.contains('.') || name.ends_with(".localhost")
            }
        };
        is_refused.then_some(NOT_PUBLIC)
    }

    async fn send(&self, message: WebhookMessage) -> Result<u16, WebhookSendError> {
        tokio::time::timeout(ANSWER_WITHIN, self.send_now(message))
            .await
            .unwrap_or(Err(WebhookSendError::TimedOut))
    }
}
