//! From the name of a host to its addresses.

use async_trait::async_trait;
use std::net::IpAddr;

/// Looks names up, each time anew: what was looked at is what is meant.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait HostResolver: Send + Sync {
    /// All addresses of the host; none when the name leads nowhere or cannot be looked up. As long as the machine's
    /// resolver takes.
    async fn resolve(&self, host: &str) -> Vec<IpAddr>;
}
