//! How many requests may be made in a minute, and who counts them.

use crate::problem::Problem;
use domain::ports::RateLimiter;
use domain::rate_limit::{RateDemand, RatePolicy, RateScope, RateStanding};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use telemetry::names::metrics as names;

/// What all quotas are about.
const WINDOW: Duration = Duration::from_mins(1);

/// The quotas, in requests a minute.
#[derive(Debug, Clone, Copy)]
pub struct RateQuotas {
    /// From one address, whoever it is.
    pub address: NonZeroU32,
    /// With one API token, or by one person with a browser.
    pub credential: NonZeroU32,
    /// About one team.
    pub team: NonZeroU32,
    /// Of one team, that become jobs.
    pub jobs: NonZeroU32,
    /// Of one team, to the platform, while somebody waits.
    pub platform_reads: NonZeroU32,
}

impl Default for RateQuotas {
    fn default() -> Self {
        const fn quota(requests: u32) -> NonZeroU32 {
            NonZeroU32::new(requests).expect("more than none")
        }
        Self {
            address: quota(3000),
            credential: quota(600),
            team: quota(1200),
            jobs: quota(120),
            platform_reads: quota(240),
        }
    }
}

/// The quotas, and who counts against them.
#[derive(Clone)]
pub struct RateLimits {
    /// How many requests.
    pub quotas: RateQuotas,
    /// Who counts them.
    pub limiter: Arc<dyn RateLimiter>,
}

impl RateLimits {
    /// One request of the subject.
    pub(crate) fn demand(&self, scope: RateScope, subject: String) -> RateDemand {
        let quota = match scope {
            RateScope::Address => self.quotas.address,
            RateScope::Credential => self.quotas.credential,
            RateScope::Team => self.quotas.team,
            RateScope::Jobs => self.quotas.jobs,
            RateScope::PlatformReads => self.quotas.platform_reads,
        };
        RateDemand {
            policy: RatePolicy {
                scope,
                quota,
                window: WINDOW,
            },
            subject,
        }
    }
}

/// Where the callers of one request stand, for the headers of its answer.
#[derive(Clone, Default)]
pub(crate) struct RateAccount(Arc<Mutex<Vec<RateStanding>>>);

impl RateAccount {
    /// Takes the request from the quotas; refuses it when one of them has no room.
    pub(crate) async fn charge(
        &self,
        limits: &RateLimits,
        demands: &[RateDemand],
    ) -> Result<(), Problem> {
        let standings = limits.limiter.take(demands).await;
        let without_room = standings.iter().filter(|it| it.retry_after.is_some());
        let violated: Vec<_> = without_room.map(|it| it.policy.scope).collect();
        let wait = standings.iter().filter_map(|it| it.retry_after).max();
        let mut told = self.0.lock().expect("no panic while held");
        told.extend(standings);
        let Some(wait) = wait else {
            return Ok(());
        };
        for scope in &violated {
            let policy = scope.as_str();
            metrics::counter!(names::RATE_LIMIT_REFUSALS, names::LABEL_POLICY => policy)
                .increment(1);
        }
        Err(Problem::rate_limited(&violated, wait))
    }

    /// Each policy that the request was counted under, once.
    pub(crate) fn standings(&self) -> Vec<RateStanding> {
        self.0.lock().expect("no panic while held").clone()
    }
}
