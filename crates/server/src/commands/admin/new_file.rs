//! Files that a command makes: whole or not at all, and never in the place of another one.

use super::AdminError;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// A file for its owner's eyes that is removed unless it is finished.
pub(super) struct NewFile {
    path: PathBuf,
    partial: PathBuf,
    writer: BufWriter<File>,
    is_finished: bool,
}

impl NewFile {
    pub(super) fn create(path: &Path) -> Result<Self, AdminError> {
        let failed = |source| AdminError::File {
            path: path.to_owned(),
            source,
        };
        if path.try_exists().map_err(failed)? {
            let message = "there is a file of that name already; choose another one";
            let exists = std::io::Error::new(std::io::ErrorKind::AlreadyExists, message);
            return Err(failed(exists));
        }
        let mut partial = path.as_os_str().to_owned();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&partial)
            .map_err(failed)?;
        Ok(Self {
            path: path.to_owned(),
            partial,
            writer: BufWriter::new(file),
            is_finished: false,
        })
    }

    pub(super) fn write(&mut self, line: &str) -> Result<(), AdminError> {
        let written = self.writer.write_all(line.as_bytes());
        written.map_err(|source| self.failed(source))
    }

    /// A link, not a rename: it never takes the place of a file that came meanwhile.
    pub(super) fn finish(mut self) -> Result<(), AdminError> {
        let stored = self.writer.flush().and_then(|()| {
            self.writer.get_ref().sync_all()?;
            std::fs::hard_link(&self.partial, &self.path)?;
            std::fs::remove_file(&self.partial)
        });
        stored.map_err(|source| self.failed(source))?;
        self.is_finished = true;
        Ok(())
    }

    fn failed(&self, source: std::io::Error) -> AdminError {
        AdminError::File {
            path: self.path.clone(),
            source,
        }
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.is_finished {
            // Whoever asked is told why it is not there.
            drop(std::fs::remove_file(&self.partial));
        }
    }
}
