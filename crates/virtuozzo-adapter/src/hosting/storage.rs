//! Shared folders.

use super::VirtuozzoPlatforms;
use crate::calls;
use crate::map;
use crate::wire;
use crate::wire::storage::MountPointList;
use async_trait::async_trait;
use domain::environment::PlatformNodeId;
use domain::names::{FolderPath, ShortDomain};
use domain::platform_account::PlatformAccountRef;
use domain::ports::{
    MountPointSpec, MutationOutcome, MutationTicket, ObservedMountPoint, PlatformReadError,
    PlatformStorage,
};

#[async_trait]
impl PlatformStorage for VirtuozzoPlatforms {
    async fn list_mount_points(
        &self,
        account: &PlatformAccountRef,
        short_domain: &ShortDomain,
        node: PlatformNodeId,
    ) -> Result<Vec<ObservedMountPoint>, PlatformReadError> {
        let call = calls::storage::mount_points(short_domain, node);
        self.read(account, call, |body| {
            let list: MountPointList = wire::read(body)?;
            let mount_points = list.array.into_iter();
            Ok(mount_points.filter_map(map::storage::mount_point).collect())
        })
        .await
    }

    async fn add_mount_point(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        node: PlatformNodeId,
        mount_point: &MountPointSpec,
    ) -> MutationOutcome<()> {
        let call = calls::storage::add_mount_point(short_domain, node, mount_point);
        self.perform(account, ticket, call).await
    }

    async fn remove_mount_point(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        node: PlatformNodeId,
        path: &FolderPath,
    ) -> MutationOutcome<()> {
        let call = calls::storage::remove_mount_point(short_domain, node, path);
        self.perform(account, ticket, call).await
    }
}
