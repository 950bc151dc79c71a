//! What the tests take from the environment: where programs are, and the servers that
//! `cargo xtask test` started for the whole run. The only place of this crate that reads variables.

use std::path::{Path, PathBuf};

/// Names a running PostgreSQL that all test processes of a run share.
pub(crate) const SHARED_POSTGRES_URL: &str = "WINDLASS_TEST_POSTGRES_URL";
/// Names a running Redis that all test processes of a run share.
pub(crate) const SHARED_REDIS_URL: &str = "WINDLASS_TEST_REDIS_URL";

/// The value of a variable, unless it is absent, empty or not Unicode.
#[expect(
    clippy::disallowed_methods,
    reason = "a test process is told by variables which servers it shares; nothing of windlass reads them"
)]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The folder with PostgreSQL's programs: `PG_BIN`, else the newest of Debian's version folders,
/// else the folder on `PATH` that has `initdb`.
pub(crate) fn postgres_program_folder() -> Option<PathBuf> {
    if let Some(folder) = variable("PG_BIN") {
        return Some(PathBuf::from(folder));
    }
    newest_debian_folder(Path::new("/usr/lib/postgresql"))
        .or_else(|| find_program("initdb").and_then(|path| path.parent().map(Path::to_owned)))
}

fn newest_debian_folder(versions: &Path) -> Option<PathBuf> {
    std::fs::read_dir(versions)
        .ok()?
        .flatten()
        .filter_map(|entry| {
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            let programs = entry.path().join("bin");
            programs
                .join("initdb")
                .exists()
                .then_some((version, programs))
        })
        .max()
        .map(|(_, programs)| programs)
}

/// The program's path, looked up on `PATH`.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let path = variable("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file())
}
