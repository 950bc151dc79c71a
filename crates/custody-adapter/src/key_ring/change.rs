//! Changes of a ring: a key is added, made active, retired. Each gives a new ring and knows no file, no
//! other process and nothing of what hangs on a key.

use super::{KeyRing, NamedKey};
use crate::key::NoRandomness;
use domain::key_ring::KeyKind;

/// Why a ring cannot be changed so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyChangeError {
    /// No key of that id.
    #[error("there is no key `{id}` in the ring: `windlass keys status` lists all")]
    NoSuchKey {
        /// The id.
        id: String,
    },
    /// The active key cannot be taken away.
    #[error("`{id}` is active: add another {kind} key and activate it first", kind = kind.as_str())]
    IsActive {
        /// The id.
        id: String,
        /// What it is for.
        kind: KeyKind,
    },
    /// No new key can be made.
    #[error(transparent)]
    Random(#[from] NoRandomness),
}

impl KeyRing {
    /// The ring with one more key of the kind, which is used for nothing new yet; and the key's id.
    pub fn with_new_key(&self, kind: KeyKind) -> Result<(Self, String), KeyChangeError> {
        let key = NamedKey::generate(kind)?;
        let id = key.id.clone();
        let mut ring = self.clone();
        ring.keys_mut(kind).push(key);
        Ok((ring, id))
    }

    /// The ring with the key used for everything new; the one before stays for what it was used for.
    /// Idempotent.
    pub fn with_active_key(&self, id: &str) -> Result<Self, KeyChangeError> {
        let (kind, place) = self.place_of(id)?;
        let mut ring = self.clone();
        let keys = ring.keys_mut(kind);
        let key = keys.remove(place);
        keys.insert(0, key);
        Ok(ring)
    }

    /// The ring without the key. What was wrapped, hashed or sealed under it is lost for good: the
    /// caller has made sure that nothing is left.
    pub fn without_key(&self, id: &str) -> Result<Self, KeyChangeError> {
        let (kind, place) = self.place_of(id)?;
        if place == 0 {
            return Err(KeyChangeError::IsActive {
                id: id.to_owned(),
                kind,
            });
        }
        let mut ring = self.clone();
        ring.keys_mut(kind).remove(place);
        Ok(ring)
    }

    fn place_of(&self, id: &str) -> Result<(KeyKind, usize), KeyChangeError> {
        let found = KeyKind::ALL.into_iter().find_map(|kind| {
            let place = self.keys(kind).iter().position(|named| named.id == id)?;
            Some((kind, place))
        });
        found.ok_or_else(|| KeyChangeError::NoSuchKey { id: id.to_owned() })
    }
}
