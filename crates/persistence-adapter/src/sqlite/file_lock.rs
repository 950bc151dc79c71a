//! Keeps a second process away from the file. SQLite itself would let it in.

use crate::options::OpenError;
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Held until it is dropped; the operating system lets go of it when the process dies.
#[derive(Debug)]
pub(super) struct FileLock {
    _file: File,
}

impl FileLock {
    /// Takes the lock of a database file, or says at once that somebody else has it.
    pub(super) fn take(database: &Path) -> Result<Self, OpenError> {
        let file_error = |source| OpenError::File {
            path: database.to_owned(),
            source,
        };
        let mut path = database.as_os_str().to_owned();
        path.push(".lock");
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)
            .map_err(file_error)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Self { _file: file }),
            Err(Errno::WOULDBLOCK) => Err(OpenError::InUse {
                path: database.to_owned(),
            }),
            Err(errno) => Err(file_error(errno.into())),
        }
    }
}
