//! From the name of a host to its addresses.

use async_trait::async_trait;
use domain::ports::WebhookSendError;
use std::net::IpAddr;

/// Looks names up. Each message asks once: what was looked at is what is connected to.
#[async_trait]
pub(super) trait HostResolver: Send + Sync {
    /// All addresses of the host.
    async fn resolve(&self, host: &str) -> Result<Vec<IpAddr>, WebhookSendError>;
}

/// As this machine does.
pub(super) struct SystemResolver;

#[async_trait]
impl HostResolver for SystemResolver {
    async fn resolve(&self, host: &str) -> Result<Vec<IpAddr>, WebhookSendError> {
        // The port is of no importance here.
        let found = tokio::net::lookup_host((host, 443)).await;
        let found = found.map_err(|_| WebhookSendError::Unresolved)?;
        Ok(found.map(|address| address.ip()).collect())
    }
}
