//! The folder of an installation, readable by nobody else.

use super::StartError;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

/// Creates the folder with mode 0700 when it is not there.
pub(super) fn prepare(path: &Path) -> Result<(), StartError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|source| StartError::DataFolder {
            path: path.to_owned(),
            source,
        })
}
