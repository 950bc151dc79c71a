//! Use cases about add-ons.

mod install;

pub(crate) use install::check_configured;
pub use install::{InstallAddon, InstallAddonCommand};
