//! Starting, stopping and renewing what runs.

use super::{MutationOutcome, MutationTicket};
use crate::environment::PlatformNodeId;
use crate::names::{NodeGroup, ShortDomain, StackVersion};
use crate::platform_account::PlatformAccountRef;
use async_trait::async_trait;

/// Which nodes of an environment are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeTarget {
    /// One node.
    Node(PlatformNodeId),
    /// Every node of a layer.
    Layer(NodeGroup),
}

/// What a redeployment takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedeploySpec {
    /// The version of the stack's image. The same version again pulls it again.
    pub version: StackVersion,
    /// Whether the containers keep the data of their volumes.
    pub keeps_volumes: bool,
}

/// Starting, stopping and renewing what runs.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait PlatformLifeCycle: Send + Sync {
    /// Starts a stopped or sleeping environment. Refused as *busy* in any other state.
    async fn start_environment(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
    ) -> MutationOutcome<()>;
    /// Stops a running environment. Refused as *busy* in any other state.
    async fn stop_environment(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
    ) -> MutationOutcome<()>;
    /// Puts a running environment to sleep; the next request wakes it.
    async fn put_environment_to_sleep(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
    ) -> MutationOutcome<()>;
    /// Restarts the services in the containers. Blind: nothing to read tells whether it happened.
    async fn restart_services(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        target: &NodeTarget,
    ) -> MutationOutcome<()>;
    /// Restarts the containers. Blind: nothing to read tells whether it happened.
    async fn restart_nodes(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        target: &NodeTarget,
    ) -> MutationOutcome<()>;
    /// Replaces the containers by new ones of a version. Blind: the same version is pulled again.
    async fn redeploy(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        target: &NodeTarget,
        spec: &RedeploySpec,
    ) -> MutationOutcome<()>;
}
