//! The hosting platform in our verbs. Every mutation ends in one of four ways, and silence is never
//! reported as failure.

use super::Instant;
use crate::environment::{ObservedState, PlatformAppId};
use crate::ids::StepAttemptId;
use crate::names::{DisplayName, NodeGroup, RegionName, ShortDomain};
use crate::platform_account::PlatformAccountRef;
use crate::secret::SecretText;
use crate::software::{Addon, PlatformUniqueName};
use async_trait::async_trait;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;

#[cfg(test)]
mod tests;

/// What the platform meant by a refusal, as far as we act on it differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusalClass {
    /// It does not exist.
    NotFound,
    /// The session is not valid (any more), and a renewed one was refused too.
    Session,
    /// The credential is not accepted.
    Credentials,
    /// The account or token may not do it.
    Permission,
    /// The environment's present status does not allow it.
    Busy,
    /// A quota is used up.
    Quota,
    /// A parameter is wrong.
    Invalid,
    /// Anything else.
    Other,
}

/// A call that surely did not run, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What it means.
    pub class: RefusalClass,
    /// The platform's result code.
    pub result: i64,
    /// The platform's text, redacted and cut; for people.
    pub text: String,
}

/// Why a mutation was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotSentReason {
    /// No connection, or our own limits or breaker held it back. Try again later.
    Unavailable(String),
    /// The send window closed before the request had left.
    WindowClosed,
    /// No session: only the owner can help.
    NeedsReauthentication,
    /// The account or its credential changed meanwhile.
    AccountChanged,
    /// Nothing is configured for it on this platform.
    NotConfigured,
}

/// How a mutation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MutationOutcome<Value> {
    /// It happened.
    Done(Value),
    /// It surely did not run: the platform said so before it began.
    Refused(Refusal),
    /// It surely did not run: it never left.
    NotSent(NotSentReason),
    /// It may have happened, now or later. Never a failure, never repeated blindly: find out.
    MaybeApplied {
        /// What was seen instead of an answer; redacted.
        reason: String,
        /// What the platform answered, when it answered at all.
        answer: Option<UnclearAnswer>,
    },
}

/// An answer that leaves open what happened: a failure that was reported after the work had begun,
/// or a success that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnclearAnswer {
    /// The platform's result code.
    pub result: i64,
    /// What the code means.
    pub class: RefusalClass,
}

impl UnclearAnswer {
    /// Whether the same request would be answered the same again: once it is known that nothing
    /// happened, there is no use in repeating it.
    pub fn is_final(&self) -> bool {
        self.result != 0 && !matches!(self.class, RefusalClass::Session | RefusalClass::Busy)
    }
}

/// How a read failed. Reads change nothing and were already repeated where that made sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlatformReadError {
    /// The platform answered no.
    #[error("the platform refused the read (result {})", .0.result)]
    Refused(Refusal),
    /// No usable answer.
    #[error("the platform does not answer: {0}")]
    Unavailable(String),
    /// No session: only the owner can help.
    #[error("the platform account needs its owner")]
    NeedsReauthentication,
    /// The account or its credential changed meanwhile.
    #[error("the platform account has changed")]
    AccountChanged,
}

/// Permission to send one mutation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MutationTicket {
    /// The journaled attempt; sent along, so that the platform's tracking can be searched for it.
    pub attempt: StepAttemptId,
    /// The last byte must have left by then, on [`super::Clock::instant`]; otherwise the call is
    /// given up.
    pub send_by: Instant,
    /// How long to wait for the answer after that.
    pub answer_within: Duration,
}

/// One layer of a new environment.
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
    pub platform_node_id: i64,
    /// The layer.
    pub node_group: NodeGroup,
    /// The stack.
    pub stack: String,
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
    /// Its nodes; empty in light listings.
    pub nodes: Vec<ObservedNode>,
}

impl ObservedEnvironment {
    /// Whether it carries the mark.
    pub fn carries(&self, tag: &CreationTag) -> bool {
        self.display_name.as_deref() == Some(tag.as_str())
    }
}

/// Passwords of new nodes, by the platform's node number. They exist in the create answer only.
pub type NodePasswords = BTreeMap<i64, SecretText>;

/// What a creation gave.
#[derive(Clone)]
pub struct CreatedEnvironment {
    /// The new environment.
    pub environment: ObservedEnvironment,
    /// Passwords of its nodes.
    pub node_passwords: NodePasswords,
}

/// What to install.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageSpec {
    /// The manifest's URL or the marketplace's id, from configuration.
    pub source: String,
    /// The layer to install on; the package decides when absent.
    pub node_group: Option<NodeGroup>,
    /// The manifest's settings.
    pub settings: BTreeMap<String, String>,
}

/// What an installation gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstalledOnPlatform {
    /// The platform's name for it; not every answer has one.
    pub unique_name: Option<PlatformUniqueName>,
}

/// An action that the platform's tracking knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackedAction {
    /// The attempt that caused it, when it was one of ours.
    pub attempt: Option<StepAttemptId>,
    /// The environment it is about.
    pub short_domain: Option<String>,
    /// The result code; `None` while it runs.
    pub result: Option<i64>,
    /// When it began, when the platform says.
    pub started_at: Option<Timestamp>,
}

/// The remote platform. Implementations retry reads (at most twice) and never a mutation.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait HostingPlatform: Send + Sync {
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
    /// The actions that run now in the account.
    async fn list_running_actions(
        &self,
        account: &PlatformAccountRef,
    ) -> Result<Vec<TrackedAction>, PlatformReadError>;
    /// The tracked actions of one attempt, running or finished.
    async fn find_actions_of(
        &self,
        account: &PlatformAccountRef,
        attempt: StepAttemptId,
        since: Timestamp,
    ) -> Result<Vec<TrackedAction>, PlatformReadError>;
    /// The platform's names of everything installed in the environment.
    async fn list_installations(
        &self,
        account: &PlatformAccountRef,
        short_domain: &ShortDomain,
    ) -> Result<Vec<PlatformUniqueName>, PlatformReadError>;
    /// Whether the platform offers the add-on for the environment.
    async fn is_addon_available(
        &self,
        account: &PlatformAccountRef,
        short_domain: &ShortDomain,
        addon: Addon,
    ) -> Result<bool, PlatformReadError>;
    /// Whether an add-on is mapped to anything on the platform. Asks configuration only.
    fn is_addon_configured(&self, account: &PlatformAccountRef, addon: Addon) -> bool;
    /// Creates an environment. Not idempotent; the tag tells ours from others.
    async fn create_environment(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        spec: &EnvironmentSpec,
    ) -> MutationOutcome<CreatedEnvironment>;
    /// Sets the display name. Idempotent in effect.
    async fn set_display_name(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        display_name: &DisplayName,
    ) -> MutationOutcome<()>;
    /// Installs a package. Not idempotent: a second call may install it twice.
    async fn install_package(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        package: &PackageSpec,
    ) -> MutationOutcome<InstalledOnPlatform>;
    /// Installs an add-on. Not idempotent: a second call may install it twice.
    async fn install_addon(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        addon: Addon,
    ) -> MutationOutcome<InstalledOnPlatform>;
    /// Uninstalls what has that name. A second call finds nothing.
    async fn uninstall(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        unique_name: &PlatformUniqueName,
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
