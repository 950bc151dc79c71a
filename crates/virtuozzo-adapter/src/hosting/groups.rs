//! Groups that environments are sorted into.

use super::VirtuozzoPlatforms;
use async_trait::async_trait;
use domain::names::{GroupName, ShortDomain};
use domain::platform_account::PlatformAccountRef;
use domain::ports::{MutationOutcome, MutationTicket, NotSentReason, PlatformGroups};

#[async_trait]
impl PlatformGroups for VirtuozzoPlatforms {
    async fn attach_group(
        &self,
        _: &PlatformAccountRef,
        _: MutationTicket,
        _: &ShortDomain,
        _: &GroupName,
    ) -> MutationOutcome<()> {
        MutationOutcome::NotSent(NotSentReason::NotConfigured)
    }

    async fn detach_group(
        &self,
        _: &PlatformAccountRef,
        _: MutationTicket,
        _: &ShortDomain,
        _: &GroupName,
    ) -> MutationOutcome<()> {
        MutationOutcome::NotSent(NotSentReason::NotConfigured)
    }

    async fn set_only_group(
        &self,
        _: &PlatformAccountRef,
        _: MutationTicket,
        _: &ShortDomain,
        _: &GroupName,
    ) -> MutationOutcome<()> {
        MutationOutcome::NotSent(NotSentReason::NotConfigured)
    }
}
