//! Keeping secrets: sealing them for storage, and hashing tokens. Called by use cases only.

use crate::ids::TeamId;
use crate::secret::SecretText;
use crate::team::{SealedSecret, TokenHash, WrappedTeamKey};
use uuid::Uuid;

/// The one place a sealed secret belongs to. It cannot be opened anywhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealContext {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The row.
    pub row: Uuid,
    /// The team.
    pub team_id: TeamId,
}

/// A secret that could not be sealed or opened. One text for every cause: an attacker learns nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the secret cannot be sealed or opened")]
pub struct VaultError;

/// Envelope encryption: record key under team key under a master key of the ring.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait SecretVault: Send + Sync {
    /// A new team key, wrapped under the active master key and bound to the team.
    fn new_team_key(&self, team: TeamId) -> Result<WrappedTeamKey, VaultError>;
    /// Seals a secret for one place.
    fn seal(
        &self,
        key: &WrappedTeamKey,
        context: &SealContext,
        secret: &SecretText,
    ) -> Result<SealedSecret, VaultError>;
    /// Opens a sealed secret at its place.
    fn open(
        &self,
        key: &WrappedTeamKey,
        context: &SealContext,
        sealed: &SealedSecret,
    ) -> Result<SecretText, VaultError>;
}

/// Makes and hashes API tokens `wdl_<kind>_<random>_<crc>`, and fingerprints requests.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait TokenHasher: Send + Sync {
    /// A new token of 256 random bits, and its stored form.
    fn new_api_token(&self) -> Result<(SecretText, TokenHash), VaultError>;
    /// The stored forms the token may have, one per pepper, newest first; empty when the text is
    /// not a well-formed token (its checksum included).
    fn hashes_of(&self, token: &SecretText) -> Vec<TokenHash>;
    /// A keyed hash of a request, for telling a repeated request from another one.
    fn fingerprint(&self, request: &[u8]) -> Vec<u8>;
}
