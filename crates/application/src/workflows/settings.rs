//! How patient workflows are.

use std::time::Duration;

/// Times that shape a workflow. All are configuration; tests make them short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkflowSettings {
    /// How often the platform is asked while something is awaited.
    pub poll_interval: Duration,
    /// For how long a missing environment must have been missing before that is believed.
    pub absence_window: Duration,
    /// How often it must have been missing within that time.
    pub absence_misses: u32,
    /// How long calls of seconds may take to answer.
    pub answer_within_short: Duration,
    /// How long calls of minutes may take to answer.
    pub answer_within_long: Duration,
    /// How long one step may wait for the platform before the job fails.
    pub patience: Duration,
    /// How often a job looks whether the owner has connected the account again.
    pub reauthentication_poll: Duration,
}

impl Default for WorkflowSettings {
    fn default() -> Self {
        Self {
            poll_interval: Duration::from_secs(2),
            absence_window: Duration::from_mins(2),
            absence_misses: 3,
            answer_within_short: Duration::from_mins(1),
            answer_within_long: Duration::from_mins(15),
            patience: Duration::from_mins(30),
            reauthentication_poll: Duration::from_secs(30),
        }
    }
}
