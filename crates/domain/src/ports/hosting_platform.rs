//! The hosting platform in our verbs: one port for each family of calls, and one that hands them out.
//!
//! What holds for all of them: a read may be repeated at will and was already repeated (at most
//! twice) where that made sense; a mutation is sent once, takes a [`MutationTicket`] and ends as a
//! [`MutationOutcome`]. Names and numbers of the platform's that come back from here never reach a
//! client.

mod accounts;
mod commands;
mod domains;
mod environments;
mod groups;
mod life_cycle;
mod logs;
#[cfg(feature = "mocks")]
mod mock;
mod outcome;
mod passwords;
mod software;
mod storage;
mod topology;
mod tracking;
mod variables;

pub use accounts::*;
pub use commands::*;
pub use domains::*;
pub use environments::*;
pub use groups::*;
pub use life_cycle::*;
pub use logs::*;
#[cfg(feature = "mocks")]
pub use mock::*;
pub use outcome::*;
pub use passwords::*;
pub use software::*;
pub use storage::*;
pub use topology::*;
pub use tracking::*;
pub use variables::*;

/// The remote platform: hands out its families of calls.
pub trait HostingPlatform: Send + Sync {
    /// What the account is, may and uses.
    fn accounts(&self) -> &dyn PlatformAccounts;
    /// Commands that run on a node, from a closed list.
    fn commands(&self) -> &dyn PlatformCommands;
    /// Names that visitors use for an environment.
    fn domains(&self) -> &dyn PlatformDomains;
    /// Environments as wholes.
    fn environments(&self) -> &dyn PlatformEnvironments;
    /// Groups that environments are sorted into.
    fn groups(&self) -> &dyn PlatformGroups;
    /// Starting, stopping and renewing what runs.
    fn life_cycle(&self) -> &dyn PlatformLifeCycle;
    /// Log files of nodes.
    fn logs(&self) -> &dyn PlatformLogs;
    /// Passwords of nodes.
    fn passwords(&self) -> &dyn PlatformPasswords;
    /// Packages, add-ons and their actions.
    fn software(&self) -> &dyn PlatformSoftware;
    /// Shared folders.
    fn storage(&self) -> &dyn PlatformStorage;
    /// Layers, nodes and their sizes.
    fn topology(&self) -> &dyn PlatformTopology;
    /// What runs on the platform, and what ran.
    fn tracking(&self) -> &dyn PlatformTracking;
    /// Variables of containers.
    fn variables(&self) -> &dyn PlatformVariables;
}
