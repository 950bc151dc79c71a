//! How often something may be asked for. One arithmetic (GCRA) for every store that counts: all that is
//! remembered of a subject is when its whole quota will be there again.

#[cfg(test)]
mod tests;

use std::num::NonZeroU32;
use std::time::Duration;

/// What is counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RateScope {
    /// Everything from one address.
    Address,
    /// Everything with one API token, or by one person with a browser.
    Credential,
    /// Everything about one team.
    Team,
    /// Requests of one team that become jobs.
    Jobs,
    /// Questions of one team to the platform that somebody waits for.
    PlatformReads,
}

impl RateScope {
    /// The name in headers and problems.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Credential => "credential",
            Self::Team => "team",
            Self::Jobs => "jobs",
            Self::PlatformReads => "platform_reads",
        }
    }
}

/// So many requests in a window, all of them at once if there were none before; what was used comes back evenly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RatePolicy {
    /// What is counted together.
    pub scope: RateScope,
    /// How many.
    pub quota: NonZeroU32,
    /// In what time.
    pub window: Duration,
}

/// One request of a subject under a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateDemand {
    /// The policy.
    pub policy: RatePolicy,
    /// Whose quota it takes from: an address, an id. No secret.
    pub subject: String,
}

/// Where a subject stands after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateStanding {
    /// The policy.
    pub policy: RatePolicy,
    /// Requests that are left now.
    pub remaining: u32,
    /// When the whole quota is there again if nothing more is asked for.
    pub full_after: Duration,
    /// When one more will be there, if this one was not.
    pub retry_after: Option<Duration>,
}

impl RatePolicy {
    /// How long it takes until one request comes back.
    pub fn interval(&self) -> Duration {
        self.window / self.quota.get()
    }

    /// Whether one more fits when the whole quota would be there again only after `full_after`.
    pub fn has_room(&self, full_after: Duration) -> bool {
        full_after + self.interval() <= self.window
    }

    /// Where a subject stands whose request was counted.
    pub fn counted(&self, full_after: Duration) -> RateStanding {
        RateStanding {
            policy: *self,
            remaining: self.remaining(full_after),
            full_after,
            retry_after: None,
        }
    }

    /// Where a subject stands whose request was not counted, because it or another quota had no room.
    pub fn not_counted(&self, full_after: Duration) -> RateStanding {
        let wait = (full_after + self.interval()).saturating_sub(self.window);
        RateStanding {
            retry_after: (!wait.is_zero()).then_some(wait),
            ..self.counted(full_after)
        }
    }

    /// The share of one of so many processes that cannot count together.
    #[must_use]
    pub fn shared_by(&self, processes: NonZeroU32) -> Self {
        let share = NonZeroU32::new(self.quota.get() / processes.get());
        Self {
            quota: share.unwrap_or(NonZeroU32::MIN),
            ..*self
        }
    }

    fn remaining(&self, full_after: Duration) -> u32 {
        let free = self.window.saturating_sub(full_after).as_nanos();
        let one = self.interval().as_nanos().max(1);
        u32::try_from(free / one).unwrap_or(u32::MAX)
    }
}
