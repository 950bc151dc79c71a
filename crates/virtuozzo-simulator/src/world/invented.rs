//! What no public source states about the platform, so that somebody had to choose.
//!
//! It must not hold anything that has a source. Whoever learns a real value sets it in the
//! world file.

use serde::{Deserialize, Serialize};

/// Result codes and texts that are made up. Under [`crate::Profile::Faithful`] every code here
/// is answered as 99 instead.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Invented {
    /// Nested code of `createenvironment` for a short domain that is taken.
    pub name_taken: i64,
    /// Code of `checkdomain` for a name that is taken.
    pub domain_taken: i64,
    /// Nested code of `createenvironment` for a name against the rules.
    pub name_invalid: i64,
    /// Nested code of `createenvironment` for a region that does not exist.
    pub region_unknown: i64,
    /// Code of a `signin` by GET.
    pub get_refused: i64,
    /// Nested code of `installaddon` for an id that the marketplace lacks.
    pub addon_unknown: i64,
    /// Nested code of `uninstall` for a unique name that is not installed.
    pub installation_unknown: i64,
    /// Code of `jps/install` for a manifest that cannot be understood or found.
    pub manifest_invalid: i64,
    /// Nested code of a creation that ended in a broken environment.
    pub environment_broken: i64,
    /// Code of `cloneenv` for a name that is taken.
    pub clone_name_taken: i64,
    /// Code for a node or a layer that the environment does not have.
    pub node_unknown: i64,
    /// Code for a mount point that is not there.
    pub mount_unknown: i64,
    /// Code for a file or a log that is not there.
    pub file_unknown: i64,
    /// Code for a command that is ended because its time is up.
    pub command_timed_out: i64,
    /// Nested code of `executeaction` for an action that is not declared.
    pub action_unknown: i64,
    /// Value of the quota `environment.delete.confirm.type` that asks for the account password.
    pub delete_confirmation_by_password: String,
    /// Value of the same quota that asks for the environment's name.
    pub delete_confirmation_by_name: String,
}

impl Default for Invented {
    fn default() -> Self {
        Self {
            name_taken: 2314,
            domain_taken: 2314,
            name_invalid: 2314,
            region_unknown: 2314,
            get_refused: 8,
            addon_unknown: 5,
            installation_unknown: 5,
            manifest_invalid: 11_041,
            environment_broken: 4099,
            clone_name_taken: 2314,
            node_unknown: 5,
            mount_unknown: 2031,
            file_unknown: 2002,
            command_timed_out: 4109,
            action_unknown: 5,
            delete_confirmation_by_password: "password".to_owned(),
            delete_confirmation_by_name: "name".to_owned(),
        }
    }
}
