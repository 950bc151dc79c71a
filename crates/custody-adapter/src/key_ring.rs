//! The keys of an installation: master keys, peppers, audit keys, and single keys for fingerprints and
//! cursors. It knows which key is for what, and no use of any.

mod change;
mod editor;
mod error;
mod file;
mod format;

pub use change::KeyChangeError;
pub use editor::KeyRingEditor;
pub use error::KeyRingError;
pub(crate) use file::{Stamp, stamp_of};

use crate::key::{Key, NoRandomness};
use domain::key_ring::{KeyKind, RingKey};
use std::path::Path;

#[cfg(test)]
pub(crate) mod test_rings;
#[cfg(test)]
mod tests;

/// A key with its name, in a list where the first is used for everything new.
#[derive(Clone)]
struct NamedKey {
    id: String,
    key: Key,
}

/// All keys, as they were at one moment. Whoever has them opens every secret that is stored: there is
/// no `Debug`.
#[derive(Clone)]
pub struct KeyRing {
    /// The active one first, in each of the lists.
    master_keys: Vec<NamedKey>,
    peppers: Vec<NamedKey>,
    audit_keys: Vec<NamedKey>,
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
            master_keys: vec![NamedKey::generate(KeyKind::Master)?],
            peppers: vec![NamedKey::generate(KeyKind::Pepper)?],
            audit_keys: vec![NamedKey::generate(KeyKind::Audit)?],
            fingerprint_key: Key::generate()?,
            cursor_key: Key::generate()?,
        })
    }

    /// All keys that rotate, by kind, the active one of each first; no secret.
    pub fn describe(&self) -> Vec<RingKey> {
        let of_kind = |kind| {
            let named = self.keys(kind).iter().enumerate();
            named.map(move |(place, named)| RingKey {
                id: named.id.clone(),
                kind,
                is_active: place == 0,
            })
        };
        KeyKind::ALL.into_iter().flat_map(of_kind).collect()
    }

    /// The key that signs cursors.
    pub fn cursor_key(&self) -> &Key {
        &self.cursor_key
    }

    /// Whether a master key is in both rings: rings of one installation always share one.
    pub(crate) fn is_akin_to(&self, other: &Self) -> bool {
        let ids = |named: &NamedKey| other.master_key(&named.id).is_some();
        self.master_keys.iter().any(ids)
    }

    pub(crate) fn active_master_key(&self) -> (&str, &Key) {
        active(&self.master_keys)
    }

    pub(crate) fn master_key(&self, id: &str) -> Option<&Key> {
        find(&self.master_keys, id)
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

    pub(crate) fn active_audit_key(&self) -> (&str, &Key) {
        active(&self.audit_keys)
    }

    pub(crate) fn audit_key(&self, id: &str) -> Option<&Key> {
        find(&self.audit_keys, id)
    }

    pub(crate) fn fingerprint_key(&self) -> &Key {
        &self.fingerprint_key
    }

    fn keys(&self, kind: KeyKind) -> &[NamedKey] {
        match kind {
            KeyKind::Master => &self.master_keys,
            KeyKind::Pepper => &self.peppers,
            KeyKind::Audit => &self.audit_keys,
        }
    }

    fn keys_mut(&mut self, kind: KeyKind) -> &mut Vec<NamedKey> {
        match kind {
            KeyKind::Master => &mut self.master_keys,
            KeyKind::Pepper => &mut self.peppers,
            KeyKind::Audit => &mut self.audit_keys,
        }
    }
}

fn active(keys: &[NamedKey]) -> (&str, &Key) {
    let first = keys
        .first()
        .expect("a ring is only made with at least one key of each sort");
    (&first.id, &first.key)
}

fn find<'ring>(keys: &'ring [NamedKey], id: &str) -> Option<&'ring Key> {
    let named = keys.iter().find(|named| named.id == id)?;
    Some(&named.key)
}

impl NamedKey {
    fn generate(kind: KeyKind) -> Result<Self, NoRandomness> {
        let prefix = match kind {
            KeyKind::Master => "mk",
            KeyKind::Pepper => "pep",
            KeyKind::Audit => "aud",
        };
        let id = u64::from_be_bytes(crate::key::random_bytes()?);
        Ok(Self {
            id: format!("{prefix}_{id:016x}"),
            key: Key::generate()?,
        })
    }
}
