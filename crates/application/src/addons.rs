//! Use cases about add-ons.

mod install;

pub use install::{InstallAddon, InstallAddonCommand};
