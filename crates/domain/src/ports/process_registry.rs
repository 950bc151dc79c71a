//! Which processes share the store.

use super::StoreError;
use crate::ids::ProcessId;
use async_trait::async_trait;

/// A process of Windlass, alive or lately so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredProcess {
    /// The process.
    pub id: ProcessId,
    /// `all`, `api` or `worker`.
    pub role: String,
    /// Whether it coordinates through Redis; without it a process must be alone.
    pub is_coordinated: bool,
    /// The ids of the master keys, peppers and audit keys that it holds, in the order of
    /// [`crate::key_ring::published_key_ids`], which is kept; no secret. A key becomes active only when
    /// every living process holds it, and is retired only when it is active in none.
    pub key_ids: Vec<String>,
}

/// Which processes share the store. A process is alive while its lease is.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait ProcessRegistry: Send + Sync {
    /// Registers a process under a lease of three heartbeats and returns the others that are alive,
    /// in one transaction, so that two that start at once see each other.
    async fn register(
        &self,
        process: &RegisteredProcess,
    ) -> Result<Vec<RegisteredProcess>, StoreError>;
    /// Renews the lease and says which keys the process holds now.
    async fn renew(&self, process: ProcessId, key_ids: &[String]) -> Result<(), StoreError>;
    /// The processes that are alive.
    async fn list_living(&self) -> Result<Vec<RegisteredProcess>, StoreError>;
    /// Ends the lease.
    async fn leave(&self, process: ProcessId) -> Result<(), StoreError>;
}
