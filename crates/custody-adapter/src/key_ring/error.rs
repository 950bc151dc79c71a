//! Why there is no key ring, and what to do about it. Never repeats what is in the file.

use crate::key::NoRandomness;
use std::io;
use std::path::PathBuf;

/// Why a key ring cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyRingError {
    /// There is no such file.
    #[error("there is no key ring at {}: restore it from its backup, or name the right file", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// Others than the owner may read or change the file.
    #[error("the key ring {} is open to others (mode {mode:04o}): run `chmod 600 {}`, and replace the keys if anybody may have read them", path.display(), path.display())]
    OpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The path leads to something that is not a file of sensible size.
    #[error("the key ring {} is not a regular file of at most {size_max} bytes", path.display())]
    NotAKeyFile {
        /// The path.
        path: PathBuf,
        /// The limit.
        size_max: u64,
    },
    /// The file cannot be read.
    #[error("the key ring {} cannot be read: check its owner and its folder", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file cannot be created.
    #[error("the key ring {} cannot be created: check that its folder exists and can be written to", path.display())]
    NotCreated {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file cannot be replaced; what was there is still there.
    #[error("the key ring {} cannot be changed: check that you may write to its folder", path.display())]
    NotChanged {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another command is changing the file.
    #[error("the key ring {} is being changed by another command: wait for it to end and try again", path.display())]
    BeingChanged {
        /// The file.
        path: PathBuf,
    },
    /// The file was exchanged for a ring that has nothing to do with the one in use.
    #[error("the key ring {} has none of the master keys in use: it belongs to another installation, put the right one back", path.display())]
    Stranger {
        /// The file.
        path: PathBuf,
    },
    /// The content is not a key ring.
    #[error("the key ring {} is damaged ({problem}): restore it from its backup", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong; no secret.
        problem: String,
    },
    /// No new keys can be made.
    #[error("no new keys can be made")]
    Random(#[source] NoRandomness),
}
