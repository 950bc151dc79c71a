//! Use cases about add-ons, the backups that one of them makes, and the package that manages caches.

mod backups;
mod install;
mod list;
mod list_backups;
mod mbadmin;
mod uninstall;

pub(crate) use backups::usable_backup_addon;
pub use backups::{CreateBackup, RestoreBackup, RestoreBackupCommand};
pub(crate) use install::check_configured;
pub use install::{InstallAddon, InstallAddonCommand};
pub use list::{ListAddons, ListedAddon};
pub use list_backups::ListBackups;
pub use mbadmin::{InstallMbadmin, RunMbadminAction, RunMbadminActionCommand};
pub use uninstall::UninstallAddon;
