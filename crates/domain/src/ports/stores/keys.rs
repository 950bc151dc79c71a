//! Wrapped keys of all owners, for rotating the master key while everything runs.

use crate::ports::StoreError;
use crate::sealed::{KeyOwner, WrappedKey};
use async_trait::async_trait;

/// The wrapped keys.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait KeyStore: Send {
    /// Some keys that are not wrapped under the master key of that id, in the order of their owners;
    /// at most `limit`, after `after`.
    async fn list_keys_not_under(
        &mut self,
        master_key_id: &str,
        after: Option<KeyOwner>,
        limit: u32,
    ) -> Result<Vec<(KeyOwner, WrappedKey)>, StoreError>;
    /// Stores the key wrapped anew when `old` is still what is stored; `false` when it is not: somebody
    /// else was faster, or the key was destroyed meanwhile.
    async fn replace_wrapped_key(
        &mut self,
        owner: KeyOwner,
        old: &WrappedKey,
        new: &WrappedKey,
    ) -> Result<bool, StoreError>;
}
