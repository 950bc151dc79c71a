//! Use cases about add-ons and the package that manages caches.

mod install;
mod mbadmin;
mod uninstall;

pub(crate) use install::check_configured;
pub use install::{InstallAddon, InstallAddonCommand};
pub use mbadmin::{InstallMbadmin, RunMbadminAction, RunMbadminActionCommand};
pub use uninstall::UninstallAddon;
