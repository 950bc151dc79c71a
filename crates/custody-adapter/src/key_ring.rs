//! The keys of an installation: master keys, peppers, and single keys for fingerprints and cursors.
//! It knows which key is for what, and no use of any.

mod error;
mod file;
mod format;

pub use error::KeyRingError;

use crate::key::{Key, NoRandomness};
use std::path::Path;

#[cfg(test)]
pub(crate) mod test_rings;
#[cfg(test)]
mod tests;

/// A key with its name, in a list where the first is used for everything new.
struct NamedKey {
    id: String,
    key: Key,
}

/// All keys. Whoever has them opens every secret that is stored: there is no `Debug`.
pub struct KeyRing {
    /// The active one first.
    master_keys: Vec<NamedKey>,
    /// The active one first.
    peppers: Vec<NamedKey>,
    fingerprint_key: Key,
    cursor_key: Key,
}

impl KeyRing {
    /// Reads the ring. The file must be readable by its owner alone.
    pub fn load(path: &Path) -> Result<Self, KeyRingError> {
        let text = file::read(path)?;
        format::parse(&text).map_err(|problem| KeyRingError::Malformed {
            path: path.to_owned(),
            problem,
        })
    }

    /// Reads the ring, or makes one where there is none. When several processes do so at once, one
    /// of them makes it and all get the same. Idempotent. Not for a store that holds secrets
    /// already: their keys would be missing from a new ring.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyRingError> {
        match Self::load(path) {
            Err(KeyRingError::Missing { .. }) => {}
            loaded => return loaded,
        }
        let ring = Self::generate().map_err(KeyRingError::Random)?;
        file::create(path, &format::render(&ring))?;
        // Another process may have been first, so what counts is what is in the file.
        Self::load(path)
    }

    /// A new ring with one key of each sort, from the operating system's random source.
    fn generate() -> Result<Self, NoRandomness> {
        Ok(Self {
            master_keys: vec![NamedKey::generate("mk")?],
            peppers: vec![NamedKey::generate("pep")?],
            fingerprint_key: Key::generate()?,
            cursor_key: Key::generate()?,
        })
    }

    /// The names of all master keys, the active one first; no secret.
    pub fn master_key_ids(&self) -> impl Iterator<Item = &str> {
        self.master_keys.iter().map(|named| named.id.as_str())
    }

    /// The key that signs cursors.
    pub fn cursor_key(&self) -> &Key {
        &self.cursor_key
    }

    pub(crate) fn active_master_key(&self) -> (&str, &Key) {
        active(&self.master_keys)
    }

    pub(crate) fn master_key(&self, id: &str) -> Option<&Key> {
        let named = self.master_keys.iter().find(|named| named.id == id)?;
        Some(&named.key)
    }

    pub(crate) fn active_pepper(&self) -> (&str, &Key) {
        active(&self.peppers)
    }

    /// All peppers, the active one first.
    pub(crate) fn peppers(&self) -> impl Iterator<Item = (&str, &Key)> {
        self.peppers
            .iter()
            .map(|named| (named.id.as_str(), &named.key))
    }

    pub(crate) fn fingerprint_key(&self) -> &Key {
        &self.fingerprint_key
    }
}

fn active(keys: &[NamedKey]) -> (&str, &Key) {
    let first = keys
        .first()
        .expect("a ring is only made with at least one key of each sort");
    (&first.id, &first.key)
}

impl NamedKey {
    fn generate(prefix: &str) -> Result<Self, NoRandomness> {
        let id = u64::from_be_bytes(crate::key::random_bytes()?);
        Ok(Self {
            id: format!("{prefix}_{id:016x}"),
            key: Key::generate()?,
        })
    }
}
