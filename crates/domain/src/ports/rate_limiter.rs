//! Counting requests.

use crate::rate_limit::{RateDemand, RateStanding};
use async_trait::async_trait;

/// Counts requests against quotas. It always answers: who cannot ask the others counts alone.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait RateLimiter: Send + Sync {
    /// Takes one request from every quota, or from none when one of them has no room. Says where each subject
    /// stands then, in the order of the demands; those without room have a time to wait.
    async fn take(&self, demands: &[RateDemand]) -> Vec<RateStanding>;
}
