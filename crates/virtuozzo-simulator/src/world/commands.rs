//! Whether and how long commands run.
//!
//! It must not know how they are run.

use serde::Deserialize;

/// Commands of `execcmdbyid` and `execcmdbygroup` are real processes of this machine.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Commands {
    /// Off, both methods answer 8.
    pub is_enabled: bool,
    /// Of one command, in real time.
    pub time_limit_ms: u64,
    /// Of each output of one command; the rest is dropped.
    pub output_max_bytes: usize,
}

impl Default for Commands {
    fn default() -> Self {
        Self {
            is_enabled: true,
            time_limit_ms: 10_000,
            output_max_bytes: 1_000_000,
        }
    }
}
