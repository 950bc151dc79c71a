//! How long simulated work takes.
//!
//! It must not know the clock; `time_scale` is applied elsewhere.

use serde::Deserialize;

/// Durations of operations in milliseconds of the simulator's clock, before `time_scale`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Timings {
    pub create_ms: u64,
    pub delete_ms: u64,
    pub start_ms: u64,
    pub stop_ms: u64,
    pub display_name_ms: u64,
    /// `jps/install` and `installaddon`.
    pub install_ms: u64,
    pub uninstall_ms: u64,
    pub sleep_ms: u64,
    pub clone_ms: u64,
    /// `restartservices`, `restartnodes` and `restartnodebyid`.
    pub restart_ms: u64,
    pub redeploy_ms: u64,
    pub topology_ms: u64,
    pub cloudlets_ms: u64,
    /// Groups, variables, passwords, mounts and domains.
    pub settings_ms: u64,
    /// What `execcmdbyid` and `execcmdbygroup` take at least.
    pub command_ms: u64,
    /// `executeaction`.
    pub action_ms: u64,
}

impl Default for Timings {
    fn default() -> Self {
        Self {
            create_ms: 2_500,
            delete_ms: 1_500,
            start_ms: 1_000,
            stop_ms: 1_000,
            display_name_ms: 0,
            install_ms: 1_500,
            uninstall_ms: 800,
            sleep_ms: 1_000,
            clone_ms: 3_000,
            restart_ms: 800,
            redeploy_ms: 2_000,
            topology_ms: 2_500,
            cloudlets_ms: 500,
            settings_ms: 0,
            command_ms: 0,
            action_ms: 1_000,
        }
    }
}
