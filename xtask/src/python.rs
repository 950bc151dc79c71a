//! A Python of its own for each use, with the pinned packages of that use and nothing else.

use crate::external;
use crate::task_error::TaskError;
use crate::workspace;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A virtual environment that is ready.
pub(crate) struct Python {
    folder: PathBuf,
}

impl Python {
    /// Makes the environment of that name, or keeps the one that has these very packages.
    pub(crate) fn prepare(name: &str, requirements: &Path) -> Result<Self, TaskError> {
        let folder = workspace::target_folder()?.join("python").join(name);
        let python = Self { folder };
        let wanted = workspace::read(requirements)?;
        let marker = python.folder.join("requirements.txt");
        if workspace::read(&marker).is_ok_and(|installed| installed == wanted) {
            return Ok(python);
        }
        if workspace::find_program("python3").is_none() {
            return Err(missing("python3 is not installed (Debian: python3-venv)"));
        }
        std::fs::remove_dir_all(&python.folder).ok();
        let mut venv = Command::new("python3");
        external::run(venv.args(["-m", "venv"]).arg(&python.folder))
            .map_err(|_| missing("`python3 -m venv` does not work (Debian: python3-venv)"))?;
        let mut pip = Command::new(python.program());
        pip.args(["-m", "pip", "install", "--quiet", "--require-hashes", "-r"])
            .arg(requirements);
        external::run(&mut pip).map_err(|_| missing("pip could not install the packages"))?;
        workspace::write(&marker, &wanted)?;
        Ok(python)
    }

    pub(crate) fn program(&self) -> PathBuf {
        self.script("python")
    }

    /// A program that a package brings.
    pub(crate) fn script(&self, name: &str) -> PathBuf {
        self.folder.join("bin").join(name)
    }
}

fn missing(what: &str) -> TaskError {
    TaskError::NotPossible(format!(
        "{what}: this needs Python 3.9 or newer with pip, and a package index"
    ))
}
