//! Environments as wholes: there or not, made, copied, named and deleted.

use super::{Cloudlets, LayerSpec, MutationOutcome, MutationTicket, PlatformReadError};
use crate::environment::{ObservedState, PlatformAppId, PlatformNodeId};
use crate::ids::StepAttemptId;
use crate::names::{DisplayName, NodeGroup, RegionName, ShortDomain};
use crate::platform_account::PlatformAccountRef;
use crate::secret::SecretText;
use async_trait::async_trait;
use std::collections::BTreeMap;

/// What to create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentSpec {
    /// The name on the platform.
    pub short_domain: ShortDomain,
    /// Marks the environment as the fruit of this attempt; listings show it.
    pub creation_tag: CreationTag,
    /// The region; the platform's default when absent.
    pub region: Option<RegionName>,
    /// The layers.
    pub layers: Vec<LayerSpec>,
}

/// The mark that a created environment carries until it gets its real display name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreationTag(String);

impl CreationTag {
    /// The mark of an attempt.
    pub fn of(attempt: StepAttemptId) -> Self {
        Self(format!("wdl:{attempt}"))
    }

    /// The text, as it stands in the display name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A node, as the platform reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedNode {
    /// The platform's number for it.
    pub platform_node_id: PlatformNodeId,
    /// The layer.
    pub node_group: NodeGroup,
    /// The stack.
    pub stack: String,
    /// The stack's version, when the platform says.
    pub version: Option<String>,
    /// Its size, when the platform says.
    pub cloudlets: Option<Cloudlets>,
    /// Whether it is the master of its layer.
    pub is_master: bool,
    /// Its state.
    pub state: ObservedState,
}

/// An environment, as the platform reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedEnvironment {
    /// Its name.
    pub short_domain: ShortDomain,
    /// The key of this incarnation.
    pub appid: PlatformAppId,
    /// Its display name; may hold a [`CreationTag`].
    pub display_name: Option<String>,
    /// Its state.
    pub state: ObservedState,
    /// Its full domain.
    pub domain: Option<String>,
    /// The groups it is in, in the platform's spelling.
    pub groups: Vec<String>,
    /// Its nodes; empty in light listings.
    pub nodes: Vec<ObservedNode>,
}

impl ObservedEnvironment {
    /// Whether it carries the mark.
    pub fn carries(&self, tag: &CreationTag) -> bool {
        self.display_name.as_deref() == Some(tag.as_str())
    }
}

/// Passwords of new nodes. They exist in the answer of a creation only.
pub type NodePasswords = BTreeMap<PlatformNodeId, SecretText>;

/// What a creation gave.
#[derive(Clone)]
pub struct CreatedEnvironment {
    /// The new environment.
    pub environment: ObservedEnvironment,
    /// Passwords of its nodes.
    pub node_passwords: NodePasswords,
}

/// Environments as wholes.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait PlatformEnvironments: Send + Sync {
    /// Whether nobody on the platform uses the short domain.
    async fn is_short_domain_free(
        &self,
        account: &PlatformAccountRef,
        short_domain: &ShortDomain,
        region: Option<RegionName>,
    ) -> Result<bool, PlatformReadError>;
    /// The environment of that name, when the account has one.
    async fn observe_environment(
        &self,
        account: &PlatformAccountRef,
        short_domain: &ShortDomain,
    ) -> Result<Option<ObservedEnvironment>, PlatformReadError>;
    /// All environments of the account.
    async fn list_environments(
        &self,
        account: &PlatformAccountRef,
    ) -> Result<Vec<ObservedEnvironment>, PlatformReadError>;
    /// Creates an environment. Not idempotent; the tag tells ours from others.
    async fn create_environment(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        spec: &EnvironmentSpec,
    ) -> MutationOutcome<CreatedEnvironment>;
    /// Copies a running environment under a new name. Not idempotent. The platform takes no mark
    /// with it: the destination's name, with the random piece of our id in it, tells ours from
    /// others, and the copy has the display name of its source until it is given one.
    async fn clone_environment(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        source: &ShortDomain,
        destination: &ShortDomain,
    ) -> MutationOutcome<CreatedEnvironment>;
    /// Sets the display name. Idempotent in effect.
    async fn set_display_name(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        display_name: &DisplayName,
    ) -> MutationOutcome<()>;
    /// Deletes the environment, at once and for good. `confirmation` is what the account's quota
    /// asks for. The caller has checked that the incarnation is the one it means.
    async fn delete_environment(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        confirmation: Option<SecretText>,
    ) -> MutationOutcome<()>;
}
