//! The file of a key ring on disk: who may read it, and how it comes to be all at once. It knows
//! nothing of what is inside.

use super::KeyRingError;
use crate::key::random_bytes;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, fchown};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Thousands of keys fit; nothing larger is a key ring.
const SIZE_MAX_BYTES: u64 = 1024 * 1024;
const OWNER_ONLY: u32 = 0o600;
const OTHERS: u32 = 0o077;

/// What changes whenever somebody writes, replaces or opens up a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    device: u64,
    inode: u64,
    size_bytes: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

/// The stamp of the file; `None` when it cannot be looked at.
pub(crate) fn stamp_of(path: &Path) -> Option<Stamp> {
    let metadata = fs::metadata(path).ok()?;
    Some(Stamp {
        device: metadata.dev(),
        inode: metadata.ino(),
        size_bytes: metadata.len(),
        modified: (metadata.mtime(), metadata.mtime_nsec()),
        changed: (metadata.ctime(), metadata.ctime_nsec()),
    })
}

/// The whole content, if nobody but the owner can read or change the file.
pub(super) fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, KeyRingError> {
    let unreadable = |source: io::Error| match source.kind() {
        ErrorKind::NotFound => KeyRingError::Missing {
            path: path.to_owned(),
        },
        _ => KeyRingError::Unreadable {
            path: path.to_owned(),
            source,
        },
    };
    // The checks look at the opened file, not at the path: that could change in between.
    let mut file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if !metadata.is_file() || metadata.len() > SIZE_MAX_BYTES {
        return Err(KeyRingError::NotAKeyFile {
            path: path.to_owned(),
            size_max: SIZE_MAX_BYTES,
        });
    }
    let mode = metadata.mode() & 0o7777;
    if mode & OTHERS != 0 {
        return Err(KeyRingError::OpenToOthers {
            path: path.to_owned(),
            mode,
        });
    }
    let room = usize::try_from(metadata.len()).unwrap_or_default() + 1;
    let mut content = Zeroizing::new(Vec::with_capacity(room));
    file.read_to_end(&mut content).map_err(unreadable)?;
    Ok(content)
}

/// Puts a new file at `path`, whole and durable, unless something is there already: that stays, and
/// is no error.
pub(super) fn create(path: &Path, content: &[u8]) -> Result<(), KeyRingError> {
    let not_created = |source: io::Error| KeyRingError::NotCreated {
        path: path.to_owned(),
        source,
    };
    let draft = draft_beside(path).map_err(not_created)?;
    let linked = write_draft(&draft, content, None).and_then(|()| put_in_place(&draft, path));
    without_draft(&draft, linked).map_err(not_created)
}

/// Puts other content into the place of what is at `path`: whole and durable, or not at all. The owner
/// stays: whoever changes it may be somebody else than who uses it.
pub(super) fn replace(path: &Path, content: &[u8]) -> Result<(), KeyRingError> {
    let not_changed = |source: io::Error| KeyRingError::NotChanged {
        path: path.to_owned(),
        source,
    };
    let draft = draft_beside(path).map_err(not_changed)?;
    let replaced = fs::metadata(path)
        .and_then(|before| write_draft(&draft, content, Some((before.uid(), before.gid()))))
        .and_then(|()| fs::rename(&draft, path))
        .and_then(|()| sync_folder_of(path));
    without_draft(&draft, replaced).map_err(not_changed)
}

/// The file whose lock is the right to change what is at `path`. It stays behind, empty: removing it
/// would let two in.
pub(super) fn open_lock_beside(path: &Path) -> io::Result<File> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".lock");
    let lock_path = path.with_file_name(name);
    let is_new = !lock_path.exists();
    let lock = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(OWNER_ONLY)
        .open(lock_path)?;
    if is_new {
        let ring = fs::metadata(path)?;
        give_to(&lock, (ring.uid(), ring.gid()))?;
    }
    Ok(lock)
}

/// The draft holds keys: it must not stay behind, and failing to remove it is a failure.
fn without_draft(draft: &Path, outcome: io::Result<()>) -> io::Result<()> {
    match fs::remove_file(draft) {
        Err(error) if error.kind() != ErrorKind::NotFound => outcome.and(Err(error)),
        _ => outcome,
    }
}

fn draft_beside(path: &Path) -> io::Result<PathBuf> {
    let suffix = u64::from_be_bytes(random_bytes().map_err(io::Error::other)?);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{suffix:016x}.new"));
    Ok(path.with_file_name(name))
}

fn write_draft(draft: &Path, content: &[u8], owner: Option<(u32, u32)>) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(OWNER_ONLY)
        .open(draft)?;
    if let Some(owner) = owner {
        give_to(&file, owner)?;
    }
    file.write_all(content)?;
    file.sync_all()
}

/// Nothing to do in most cases, so it needs no right to give files away then.
fn give_to(file: &File, (user, group): (u32, u32)) -> io::Result<()> {
    let now = file.metadata()?;
    if (now.uid(), now.gid()) == (user, group) {
        return Ok(());
    }
    fchown(file, Some(user), Some(group))
}

/// A link instead of a rename: a rename would replace a ring that another process has just put
/// there and may have sealed secrets with.
fn put_in_place(draft: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(draft, path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(()),
        other => other?,
    }
    sync_folder_of(path)
}

fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}
