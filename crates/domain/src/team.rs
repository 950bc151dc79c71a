//! The team: the tenant that owns environments, jobs, tokens and one platform account.

use crate::access::PermissionSet;
use crate::ids::{ApiTokenId, TeamId};
use crate::names::TeamName;
use jiff::Timestamp;

/// A team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// The team.
    pub id: TeamId,
    /// Its name.
    pub name: TeamName,
    /// When it was created.
    pub created_at: Timestamp,
}

/// A team's data key, encrypted under a master key. Destroying it destroys all secrets of the team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedTeamKey(pub Vec<u8>);

/// A secret encrypted under a team's key for one table, column and row; opaque to everyone but the
/// vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedSecret(pub Vec<u8>);

/// The stored form of an API token: a keyed hash, never the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenHash {
    /// Which pepper of the ring was used.
    pub pepper_id: String,
    /// The keyed hash.
    pub mac: Vec<u8>,
}

/// An API token of a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// The token.
    pub id: ApiTokenId,
    /// The team it acts for.
    pub team_id: TeamId,
    /// What people call it.
    pub label: String,
    /// Its stored form.
    pub hash: TokenHash,
    /// What it may do.
    pub scopes: PermissionSet,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is refused.
    pub expires_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

impl ApiToken {
    /// Whether the token may still be used.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}
