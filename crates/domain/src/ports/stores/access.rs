//! Rights, read under a lock that revocations wait for.

use crate::access::{AccessRecord, AccessSubject};
use crate::ids::TeamId;
use crate::ports::StoreError;
use async_trait::async_trait;

/// The rights behind a credential, as they are and stay for the rest of the transaction.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait AccessStore: Send {
    /// Reads, in one statement, what is stored about the credential or person and their place in the
    /// team, and locks those rows shared until the transaction ends: who revokes waits for us, or we
    /// for them. So what commits after this was still allowed. The rows are locked in the order person,
    /// membership, role, team, credential; a transaction that takes rights of several of these kinds
    /// away goes the same way, or the two may wait for each other until the database gives one up. A
    /// transaction hardly ever updates rows that it locked here: of two that do so to the same row at
    /// once, one is rolled back with [`StoreError::Busy`] or [`StoreError::Unavailable`]. A token's
    /// team is its own, whatever `team` says. `None` when there is no such credential or person. Dead
    /// ones are returned: the caller looks at the clock.
    async fn lock_access(
        &mut self,
        subject: AccessSubject,
        team: Option<TeamId>,
    ) -> Result<Option<AccessRecord>, StoreError>;
}
