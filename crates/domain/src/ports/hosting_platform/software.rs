//! Packages, add-ons and their actions.

use super::{MutationOutcome, MutationTicket, PlatformReadError};
use crate::names::{NodeGroup, ParameterName, ShortDomain, SnapshotName};
use crate::platform_account::PlatformAccountRef;
use crate::software::{Addon, BackupAction, MbadminAction, PlatformUniqueName};
use async_trait::async_trait;
use std::collections::BTreeMap;

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

/// Packages, add-ons and their actions.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait PlatformSoftware: Send + Sync {
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
    /// The mbadmin package of the platform, when one is configured. Asks configuration only.
    fn mbadmin_package(&self, account: &PlatformAccountRef) -> Option<PackageSpec>;
    /// The parameters that an mbadmin action takes, when it is mapped to anything on the platform.
    /// Asks configuration only.
    fn mbadmin_parameters(
        &self,
        account: &PlatformAccountRef,
        action: MbadminAction,
    ) -> Option<Vec<ParameterName>>;
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
    /// Runs an action of the mbadmin installation, without parameters. Blind: nothing to read tells
    /// whether it happened. Not sent when it is not mapped to anything.
    async fn run_mbadmin_action(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        installation: &PlatformUniqueName,
        action: MbadminAction,
    ) -> MutationOutcome<()>;
    /// The same with parameters; those that configuration does not know are refused as invalid.
    async fn run_mbadmin_action_with_parameters(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        installation: &PlatformUniqueName,
        action: MbadminAction,
        parameters: &[(ParameterName, String)],
    ) -> MutationOutcome<()>;
    /// Whether an action of the backup add-on is mapped to anything on the platform. Asks configuration only.
    fn is_backup_configured(&self, account: &PlatformAccountRef, action: BackupAction) -> bool;
    /// Has the backup add-on make a backup. Blind: nothing to read tells whether it did. A second call makes
    /// another one. Not sent when it is not mapped to anything.
    async fn create_backup(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        installation: &PlatformUniqueName,
    ) -> MutationOutcome<()>;
    /// Has the backup add-on bring back what a backup holds. Blind like making one; what was changed between two
    /// calls is lost. Not sent when it is not mapped to anything.
    async fn restore_backup(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        installation: &PlatformUniqueName,
        snapshot: &SnapshotName,
    ) -> MutationOutcome<()>;
    /// Uninstalls what has that name. A second call finds nothing.
    async fn uninstall(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        unique_name: &PlatformUniqueName,
    ) -> MutationOutcome<()>;
}
