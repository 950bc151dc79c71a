//! Time and identifiers, so that tests and replays are exact.

use crate::ids::EntityId;
use async_trait::async_trait;
use jiff::Timestamp;
use std::time::Duration;
use uuid::Uuid;

/// A point on a clock that never jumps and goes on while the machine is suspended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(pub Duration);

impl Instant {
    /// The point `duration` later.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration))
    }

    /// How long from `self` until `later`; zero when that has passed.
    pub fn until(self, later: Self) -> Duration {
        later.0.saturating_sub(self.0)
    }
}

/// What time it is.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Clock: Send + Sync {
    /// The wall clock, to the microsecond.
    fn now(&self) -> Timestamp;
    /// The clock that leases are measured with: it goes on while the machine is suspended.
    fn instant(&self) -> Instant;
    /// Returns after the duration. Cancel-safe.
    async fn sleep(&self, duration: Duration);
}

/// Where new identifiers come from.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait IdSource: Send + Sync {
    /// A fresh UUIDv7; every call gives another one.
    fn uuid(&self) -> Uuid;
}

/// A fresh identifier of any kind.
pub fn new_id<Id: EntityId>(source: &dyn IdSource) -> Id {
    Id::from_uuid(source.uuid())
}
