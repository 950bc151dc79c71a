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
    /// How often teams are synced.
    pub sync: SyncSettings,
}

/// How often what is known is compared with the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncSettings {
    /// How long after a sync the next one comes by itself; zero: never.
    pub interval: Duration,
    /// After how long records are called stale, and reading them asks for a sync.
    pub stale_after: Duration,
    /// How far apart two looks must be before what both saw is told.
    pub confirmed_after: Duration,
    /// Most syncs on their way for one platform.
    pub at_a_time: u32,
}

impl Default for SyncSettings {
    fn default() -> Self {
        Self {
            interval: Duration::from_mins(15),
            stale_after: Duration::from_mins(5),
            confirmed_after: Duration::from_mins(1),
            at_a_time: 4,
        }
    }
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
            sync: SyncSettings::default(),
        }
    }
}
