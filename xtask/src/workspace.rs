//! Where things are: the repository, its files, the programs on `PATH`.

use crate::task_error::TaskError;
use cargo_metadata::{Metadata, MetadataCommand};
use std::path::{Path, PathBuf};

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask stands in the repository's root")
        .to_owned()
}

/// Where cargo builds.
pub(crate) fn target_folder() -> Result<PathBuf, TaskError> {
    Ok(metadata_of_members()?.target_directory.into_std_path_buf())
}

/// A debug build of a program of ours, once it was built.
pub(crate) fn debug_program(name: &str) -> Result<PathBuf, TaskError> {
    Ok(target_folder()?.join("debug").join(name))
}

/// Our own crates, without what they depend on.
pub(crate) fn metadata_of_members() -> Result<Metadata, TaskError> {
    Ok(command().no_deps().exec()?)
}

/// Our crates and all others, with the features we use.
pub(crate) fn metadata_of_everything() -> Result<Metadata, TaskError> {
    Ok(command().exec()?)
}

fn command() -> MetadataCommand {
    let mut command = MetadataCommand::new();
    command
        .current_dir(root())
        .manifest_path(root().join("Cargo.toml"));
    command
}

/// The path of a program on `PATH`.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file())
}

/// Reads a text file.
pub(crate) fn read(path: &Path) -> Result<String, TaskError> {
    std::fs::read_to_string(path).map_err(|source| TaskError::File {
        path: path.to_owned(),
        source,
    })
}

/// Writes a text file, and the folder it is in.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), TaskError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(path, text))
        .map_err(|source| TaskError::File {
            path: path.to_owned(),
            source,
        })
}

/// All files under a folder, sorted, build output and version control left out. Nothing when the
/// folder does not exist.
pub(crate) fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let is_left_out = ["target", ".git"]
                .iter()
                .any(|name| entry.file_name() == *name);
            if path.is_file() {
                files.push(path);
            } else if !is_left_out {
                folders.push(path);
            }
        }
    }
    files.sort();
    files
}
