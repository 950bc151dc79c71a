//! Mail into a folder: one file each, for whoever runs the service without a mail server.

use crate::letter::Letter;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// The folder cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the outbox {} cannot be used: choose another folder with `mail.outbox`, or set `mail.smtp_url`", path.display())]
pub struct OutboxError {
    path: PathBuf,
    #[source]
    source: io::Error,
}

/// A folder for mails. They hold tokens: nobody but the owner reads them.
#[derive(Debug, Clone)]
pub struct Outbox {
    folder: PathBuf,
}

impl Outbox {
    /// Creates the folder with mode 0700 when it is not there.
    pub fn open(folder: &Path) -> Result<Self, OutboxError> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(|source| OutboxError {
                path: folder.to_owned(),
                source,
            })?;
        Ok(Self {
            folder: folder.to_owned(),
        })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Puts a mail into the folder, whole or not at all, and says where. Names sort by time. Blocks on
    /// the disk.
    pub(crate) fn put(&self, letter: &Letter) -> io::Result<PathBuf> {
        let time = letter.written_at.strftime("%Y%m%dT%H%M%S%6fZ");
        let path = self.folder.join(format!("{time}-{}.eml", letter.id));
        let draft = path.with_extension("part");
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&draft)?;
        let written = file.write_all(&letter.as_bytes());
        if let Err(error) = written.and_then(|()| fs::rename(&draft, &path)) {
            // Half a mail is of no use; that it could not be written is what matters.
            drop(fs::remove_file(&draft));
            return Err(error);
        }
        Ok(path)
    }
}
