//! Groups that environments are sorted into.

use super::VirtuozzoPlatforms;
use crate::calls;
use async_trait::async_trait;
use domain::names::{GroupName, ShortDomain};
use domain::platform_account::PlatformAccountRef;
use domain::ports::{MutationOutcome, MutationTicket, PlatformGroups};

#[async_trait]
impl PlatformGroups for VirtuozzoPlatforms {
    async fn attach_group(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        group: &GroupName,
    ) -> MutationOutcome<()> {
        let call = calls::groups::attach_group(short_domain, group);
        self.perform(account, ticket, call).await
    }

    async fn detach_group(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        group: &GroupName,
    ) -> MutationOutcome<()> {
        let call = calls::groups::detach_group(short_domain, group);
        self.perform(account, ticket, call).await
    }

    async fn set_only_group(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        group: &GroupName,
    ) -> MutationOutcome<()> {
        let call = calls::groups::set_only_group(short_domain, group);
        self.perform(account, ticket, call).await
    }
}
