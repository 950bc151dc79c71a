//! The use cases about what is installed in an environment; but for the lists, their requests become jobs.

use application::JobAcceptance;
use application::addons::{
    CreateBackup, InstallAddon, InstallMbadmin, ListAddons, ListBackups, RestoreBackup,
    RunMbadminAction, UninstallAddon,
};
use domain::ports::{HostingPlatform, ReadModel};
use std::sync::Arc;

/// What is installed in environments, and wishes about it.
#[derive(Clone)]
pub struct SoftwareUseCases {
    /// Lists add-ons.
    pub list_addons: ListAddons,
    /// Accepts the wish for an add-on.
    pub install_addon: InstallAddon,
    /// Accepts the wish to be rid of an add-on.
    pub uninstall_addon: UninstallAddon,
    /// Lists backups.
    pub list_backups: ListBackups,
    /// Accepts the wish for a backup.
    pub create_backup: CreateBackup,
    /// Accepts the wish for what a backup holds.
    pub restore_backup: RestoreBackup,
    /// Accepts the wish for the package that manages caches.
    pub install_mbadmin: InstallMbadmin,
    /// Accepts the wish for an action on a cache.
    pub run_mbadmin_action: RunMbadminAction,
}

impl SoftwareUseCases {
    /// Builds them. The platform is only asked what configuration maps on it.
    pub fn new(
        acceptance: &JobAcceptance,
        read_model: &Arc<dyn ReadModel>,
        platform: &Arc<dyn HostingPlatform>,
    ) -> Self {
        let acceptance = || acceptance.clone();
        Self {
            list_addons: ListAddons {
                read_model: Arc::clone(read_model),
                platform: Arc::clone(platform),
            },
            install_addon: InstallAddon {
                acceptance: acceptance(),
                platform: Arc::clone(platform),
            },
            uninstall_addon: UninstallAddon {
                acceptance: acceptance(),
            },
            list_backups: ListBackups {
                read_model: Arc::clone(read_model),
            },
            create_backup: CreateBackup {
                acceptance: acceptance(),
                platform: Arc::clone(platform),
            },
            restore_backup: RestoreBackup {
                acceptance: acceptance(),
                platform: Arc::clone(platform),
            },
            install_mbadmin: InstallMbadmin {
                acceptance: acceptance(),
                platform: Arc::clone(platform),
            },
            run_mbadmin_action: RunMbadminAction {
                acceptance: acceptance(),
                platform: Arc::clone(platform),
            },
        }
    }
}
