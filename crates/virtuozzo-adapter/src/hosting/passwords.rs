//! Passwords of nodes.

use super::VirtuozzoPlatforms;
use async_trait::async_trait;
use domain::SecretText;
use domain::environment::PlatformNodeId;
use domain::names::ShortDomain;
use domain::platform_account::PlatformAccountRef;
use domain::ports::{MutationOutcome, MutationTicket, NotSentReason, PlatformPasswords};

#[async_trait]
impl PlatformPasswords for VirtuozzoPlatforms {
    async fn reset_node_password(
        &self,
        _: &PlatformAccountRef,
        _: MutationTicket,
        _: &ShortDomain,
        _: PlatformNodeId,
        _: &SecretText,
    ) -> MutationOutcome<()> {
        MutationOutcome::NotSent(NotSentReason::NotConfigured)
    }

    async fn reset_container_password(
        &self,
        _: &PlatformAccountRef,
        _: MutationTicket,
        _: &ShortDomain,
        _: PlatformNodeId,
        _: &SecretText,
    ) -> MutationOutcome<()> {
        MutationOutcome::NotSent(NotSentReason::NotConfigured)
    }
}
