//! The key ring of a running process: follows its file, and is exchanged whole. It has no clock: whoever
//! runs it asks it to look again.

use crate::key_ring::{KeyRing, KeyRingError, Stamp, stamp_of};
use domain::key_ring::published_key_ids;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

#[cfg(test)]
mod tests;

/// What a look at the file brought.
#[derive(Debug)]
pub enum Refreshed {
    /// The file is as it was.
    Unchanged,
    /// There is another ring now, and it is in use.
    Exchanged,
    /// The file was changed to something that cannot be used; the ring from before stays in use. Said
    /// once for each change of the file.
    Kept(KeyRingError),
}

/// The ring in use.
pub struct LiveKeyRing {
    path: PathBuf,
    current: RwLock<Arc<KeyRing>>,
    /// The file as it was last looked at, whether or not it could be used.
    seen: Mutex<Option<Stamp>>,
}

impl LiveKeyRing {
    /// Reads the ring, as [`KeyRing::load`] does.
    pub fn open(path: &Path) -> Result<Self, KeyRingError> {
        // Taken before reading: a change in between is seen at the next look.
        let seen = stamp_of(path);
        Ok(Self {
            current: RwLock::new(Arc::new(KeyRing::load(path)?)),
            path: path.to_owned(),
            seen: Mutex::new(seen),
        })
    }

    /// Reads the ring or makes one, as [`KeyRing::load_or_create`] does.
    pub fn open_or_create(path: &Path) -> Result<Self, KeyRingError> {
        KeyRing::load_or_create(path)?;
        Self::open(path)
    }

    /// The ring as it is now. Who needs more than one key of it takes them from one answer.
    pub fn current(&self) -> Arc<KeyRing> {
        // The lock is held for copying or exchanging a pointer, and neither panics.
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What this process tells the others about the keys that it holds.
    pub fn published_key_ids(&self) -> Vec<String> {
        published_key_ids(&self.current().describe())
    }

    /// Looks at the file, and takes a ring that is there in place of the one in use. A file that cannot
    /// be used changes nothing. Reads from disk; not for a thread that must not wait.
    pub fn refresh(&self) -> Refreshed {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = stamp_of(&self.path);
        if *seen == stamp {
            return Refreshed::Unchanged;
        }
        *seen = stamp;
        let ring = match KeyRing::load(&self.path) {
            Ok(ring) if ring.is_akin_to(&self.current()) => ring,
            Ok(_) => {
                let path = self.path.clone();
                return Refreshed::Kept(KeyRingError::Stranger { path });
            }
            Err(error) => return Refreshed::Kept(error),
        };
        let ring = Arc::new(ring);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = ring;
        Refreshed::Exchanged
    }

    /// A ring without a file.
    #[cfg(test)]
    pub(crate) fn fixed(ring: KeyRing) -> Arc<Self> {
        Arc::new(Self {
            path: PathBuf::new(),
            current: RwLock::new(Arc::new(ring)),
            seen: Mutex::new(None),
        })
    }
}
