//! `cargo xtask migrations check`: both dialects up, down and up again on scratch databases (which
//! `migrations-check` of the persistence adapter does), and a lint for expand/contract.

mod lint;

use crate::external;
use crate::task_error::TaskError;
use crate::throwaway_servers::{self, ThrowawayServers};
use crate::workspace;
use std::process::Command;

const FOLDER: &str = "crates/persistence-adapter/migrations";

/// The lint, then the databases.
pub(crate) fn check() -> Result<(), TaskError> {
    lint()?;
    throwaway_servers::ensure_installed()?;
    external::build_programs()?;
    let servers = ThrowawayServers::start(&["postgres"])?;
    let folder = workspace::target_folder()?.join("migrations-check");
    // A file of an earlier run would not be empty.
    std::fs::remove_dir_all(&folder).ok();
    std::fs::create_dir_all(&folder).map_err(|source| TaskError::File {
        path: folder.clone(),
        source,
    })?;
    let mut command = Command::new(workspace::debug_program("migrations-check")?);
    command.arg("--postgres").args(&servers.addresses.postgres);
    command.arg("--sqlite").arg(folder.join("scratch.sqlite"));
    external::run(&mut command)
}

/// The rules that need no database.
pub(crate) fn lint() -> Result<(), TaskError> {
    let folder = workspace::root().join(FOLDER);
    let mut files = Vec::new();
    for path in workspace::files_under(&folder) {
        if path.extension().is_some_and(|extension| extension == "sql") {
            let name = path
                .strip_prefix(&folder)
                .unwrap_or(&path)
                .to_string_lossy()
                .into_owned();
            files.push((name, workspace::read(&path)?));
        }
    }
    TaskError::from_findings("migrations lint", lint::findings(&files))
}
