//! Passwords of nodes.

use super::VirtuozzoPlatforms;
use crate::calls;
use async_trait::async_trait;
use domain::SecretText;
use domain::environment::PlatformNodeId;
use domain::names::ShortDomain;
use domain::platform_account::PlatformAccountRef;
use domain::ports::{MutationOutcome, MutationTicket, PlatformPasswords};

#[async_trait]
impl PlatformPasswords for VirtuozzoPlatforms {
    async fn reset_node_password(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        node: PlatformNodeId,
        password: &SecretText,
    ) -> MutationOutcome<()> {
        let call = calls::passwords::reset_node_password(short_domain, node, password);
        self.perform(account, ticket, call).await
    }

    async fn reset_container_password(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        node: PlatformNodeId,
        password: &SecretText,
    ) -> MutationOutcome<()> {
        let call = calls::passwords::reset_container_password(short_domain, node, password);
        self.perform(account, ticket, call).await
    }
}
