//! Layers, nodes and their sizes.

use super::{MutationOutcome, MutationTicket, PlatformReadError};
use crate::environment::PlatformNodeId;
use crate::names::{NodeGroup, ShortDomain};
use crate::platform_account::PlatformAccountRef;
use async_trait::async_trait;

/// The size of a node. A cloudlet is 128 MiB of memory and 400 MHz.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cloudlets {
    /// Cloudlets that are always its own.
    pub reserved: u16,
    /// Most cloudlets it may use, the reserved ones included.
    pub limit: u16,
}

/// One layer of an environment, as it is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerSpec {
    /// The layer's name, such as `cp`.
    pub node_group: NodeGroup,
    /// The stack, in the platform's words.
    pub stack: String,
    /// The stack's version; the platform's default when absent.
    pub version: Option<String>,
    /// Nodes in the layer.
    pub count: u16,
    /// Reserved cloudlets per node (128 MiB and 400 MHz each).
    pub cloudlets_reserved: u16,
    /// Most cloudlets per node, the reserved ones included.
    pub cloudlets_limit: u16,
    /// Disk per node in GB; the platform's default when absent.
    pub disk_limit_gb: Option<u32>,
}

/// A layer, as the platform reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedLayer {
    /// Its name.
    pub node_group: NodeGroup,
    /// What people call it.
    pub display_name: Option<String>,
}

/// Layers, nodes and their sizes.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait PlatformTopology: Send + Sync {
    /// The layers of an environment. An environment that the account does not have is a refusal of
    /// class *not found*.
    async fn list_layers(
        &self,
        account: &PlatformAccountRef,
        short_domain: &ShortDomain,
    ) -> Result<Vec<ObservedLayer>, PlatformReadError>;
    /// Sets the size of one node. Idempotent.
    async fn set_cloudlets(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        node: PlatformNodeId,
        cloudlets: Cloudlets,
    ) -> MutationOutcome<()>;
    /// Gives the environment exactly these layers. A layer that is left out is removed with its
    /// data. Idempotent in effect.
    async fn change_topology(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        layers: &[LayerSpec],
    ) -> MutationOutcome<()>;
}
