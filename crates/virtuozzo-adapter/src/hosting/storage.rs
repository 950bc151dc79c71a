//! Shared folders.

use super::VirtuozzoPlatforms;
use async_trait::async_trait;
use domain::environment::PlatformNodeId;
use domain::names::{FolderPath, ShortDomain};
use domain::platform_account::PlatformAccountRef;
use domain::ports::{
    MountPointSpec, MutationOutcome, MutationTicket, NotSentReason, ObservedMountPoint,
    PlatformReadError, PlatformStorage,
};

#[async_trait]
impl PlatformStorage for VirtuozzoPlatforms {
    async fn list_mount_points(
        &self,
        _: &PlatformAccountRef,
        _: &ShortDomain,
        _: PlatformNodeId,
    ) -> Result<Vec<ObservedMountPoint>, PlatformReadError> {
        Err(PlatformReadError::Unavailable("not there yet".into()))
    }

    async fn add_mount_point(
        &self,
        _: &PlatformAccountRef,
        _: MutationTicket,
        _: &ShortDomain,
        _: PlatformNodeId,
        _: &MountPointSpec,
    ) -> MutationOutcome<()> {
        MutationOutcome::NotSent(NotSentReason::NotConfigured)
    }

    async fn remove_mount_point(
        &self,
        _: &PlatformAccountRef,
        _: MutationTicket,
        _: &ShortDomain,
        _: PlatformNodeId,
        _: &FolderPath,
    ) -> MutationOutcome<()> {
        MutationOutcome::NotSent(NotSentReason::NotConfigured)
    }
}
