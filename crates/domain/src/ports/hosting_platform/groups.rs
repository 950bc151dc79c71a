//! Groups that environments are sorted into. Which ones an environment is in is read with the
//! environment.

use super::{MutationOutcome, MutationTicket};
use crate::names::{GroupName, ShortDomain};
use crate::platform_account::PlatformAccountRef;
use async_trait::async_trait;

/// Groups that environments are sorted into.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait PlatformGroups: Send + Sync {
    /// Adds the environment to a group, which is made when it is missing. Idempotent.
    async fn attach_group(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        group: &GroupName,
    ) -> MutationOutcome<()>;
    /// Takes the environment out of a group. Idempotent.
    async fn detach_group(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        group: &GroupName,
    ) -> MutationOutcome<()>;
    /// Leaves the environment in this group only. Idempotent.
    async fn set_only_group(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        group: &GroupName,
    ) -> MutationOutcome<()>;
}
