//! Changing the file of a ring: one at a time, and whole or not at all for everyone who reads it.

use super::{KeyRing, KeyRingError, file, format};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// The ring of a file while nobody else may change it; dropping it lets the next one in.
pub struct KeyRingEditor {
    path: PathBuf,
    ring: KeyRing,
    _lock: File,
}

impl KeyRingEditor {
    /// Takes the sole right to change the file, and reads it. [`KeyRingError::BeingChanged`] at once
    /// when somebody else has it. Where the path is a link, what it leads to is changed.
    pub fn open(path: &Path) -> Result<Self, KeyRingError> {
        // A folder without a ring gets no lock either.
        KeyRing::load(path)?;
        let path = path
            .canonicalize()
            .map_err(|source| KeyRingError::Unreadable {
                path: path.to_owned(),
                source,
            })?;
        let not_changed = |source| KeyRingError::NotChanged {
            path: path.clone(),
            source,
        };
        let lock = file::open_lock_beside(&path).map_err(not_changed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(KeyRingError::BeingChanged { path }),
            Err(TryLockError::Error(source)) => return Err(not_changed(source)),
        }
        let ring = KeyRing::load(&path)?;
        Ok(Self {
            path,
            ring,
            _lock: lock,
        })
    }

    /// What is in the file.
    pub fn ring(&self) -> &KeyRing {
        &self.ring
    }

    /// Puts another ring in its place: durable when this returns, with the owner and the mode of the
    /// one before. Who reads meanwhile sees the one or the other.
    pub fn replace(&mut self, ring: KeyRing) -> Result<(), KeyRingError> {
        file::replace(&self.path, &format::render(&ring))?;
        self.ring = ring;
        Ok(())
    }
}
