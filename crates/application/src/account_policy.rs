//! What those who run the service have decided about the accounts of people.

use std::time::Duration;

/// Who may register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registration {
    /// Anybody.
    Open,
    /// Who was invited into a team.
    Invited,
}

/// What holds for the accounts of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountPolicy {
    /// Who may register.
    pub registration: Registration,
    /// Whether an owner needs a confirmed second factor to connect a platform account, and while one is
    /// connected.
    pub second_factor_for_owners: bool,
    /// A browser session that was not used for this long is over.
    pub session_idle: Duration,
}
