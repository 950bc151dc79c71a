//! Passwords of nodes. They are told once, in the answer of a creation; who lost them sets new ones.

use super::{MutationOutcome, MutationTicket};
use crate::environment::PlatformNodeId;
use crate::names::ShortDomain;
use crate::platform_account::PlatformAccountRef;
use crate::secret::SecretText;
use async_trait::async_trait;

/// Passwords of nodes.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait PlatformPasswords: Send + Sync {
    /// Gives a node's main user this password. Idempotent with the same password.
    async fn reset_node_password(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        node: PlatformNodeId,
        password: &SecretText,
    ) -> MutationOutcome<()>;
    /// Gives a container's root user this password. Idempotent with the same password.
    async fn reset_container_password(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        node: PlatformNodeId,
        password: &SecretText,
    ) -> MutationOutcome<()>;
}
