//! Secrets at rest, opaque to everyone but the vault.

use crate::ids::{EntityId as _, TeamId, UserId};
use uuid::Uuid;

/// A data key of a team or a person, encrypted under a master key. Destroying it destroys all secrets
/// of its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey(pub Vec<u8>);

/// A secret encrypted under its owner's key for one table, column and row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedSecret(pub Vec<u8>);

/// Whose key it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyOwner {
    /// A team.
    Team(TeamId),
    /// A person.
    User(UserId),
}

impl KeyOwner {
    /// Which sort of owner, in the associated data of everything sealed: a team and a person never
    /// open each other's secrets, whatever their ids.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Team(_) => "team",
            Self::User(_) => "user",
        }
    }

    /// The owner's id.
    pub fn as_uuid(self) -> Uuid {
        match self {
            Self::Team(id) => id.as_uuid(),
            Self::User(id) => id.as_uuid(),
        }
    }
}
