//! Shared folders: what a node sees of another one.

use super::{MutationOutcome, MutationTicket, PlatformReadError};
use crate::environment::PlatformNodeId;
use crate::names::{FolderPath, MountName, ShortDomain};
use crate::platform_account::PlatformAccountRef;
use async_trait::async_trait;

/// A folder of another node, as it shall appear on a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MountPointSpec {
    /// Where it appears.
    pub path: FolderPath,
    /// The node that has the folder.
    pub source_node: PlatformNodeId,
    /// The folder there.
    pub source_path: FolderPath,
    /// What people call it.
    pub name: Option<MountName>,
    /// Whether nothing can be written through it.
    pub is_read_only: bool,
}

/// A shared folder, as the platform reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedMountPoint {
    /// Where it appears.
    pub path: String,
    /// The node that has the folder; absent for a host outside of the platform.
    pub source_node: Option<PlatformNodeId>,
    /// The folder there.
    pub source_path: Option<String>,
    /// Whether nothing can be written through it, when the platform says.
    pub is_read_only: Option<bool>,
}

/// Shared folders.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait PlatformStorage: Send + Sync {
    /// The shared folders of a node.
    async fn list_mount_points(
        &self,
        account: &PlatformAccountRef,
        short_domain: &ShortDomain,
        node: PlatformNodeId,
    ) -> Result<Vec<ObservedMountPoint>, PlatformReadError>;
    /// Adds a shared folder. A second call fails, because the path is taken by then.
    async fn add_mount_point(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        node: PlatformNodeId,
        mount_point: &MountPointSpec,
    ) -> MutationOutcome<()>;
    /// Removes the shared folder at a path of a node. What it holds stays at its source.
    async fn remove_mount_point(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        node: PlatformNodeId,
        path: &FolderPath,
    ) -> MutationOutcome<()>;
}
