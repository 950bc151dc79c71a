//! A folder for every node in which commands really run.
//!
//! It must not know calls or refusals. Folders keep nodes apart, nothing more: a command is an
//! ordinary process of this machine.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::TempDir;

mod leftovers;
mod shell;

pub(crate) use shell::{CommandLimits, Ran};

const WP_STUB: &str = include_str!("sandbox/wp.sh");
const CALLS_FILE: &str = "wp-calls";
const EXECUTABLE: u32 = 0o755;
/// Tells a process, and us, to which node it belongs.
const NODE_FOLDER: &str = "NODE_FOLDER";

/// Made with the first command, removed when the simulator goes.
#[derive(Debug, Default)]
pub(crate) struct Sandbox {
    root: Mutex<Option<TempDir>>,
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if let Some(root) = self.root().as_ref() {
            leftovers::end(root.path());
        }
    }
}

impl Sandbox {
    /// Runs one shell line in the folder of a node.
    pub(crate) async fn run(
        &self,
        node_id: u64,
        line: &str,
        says_yes: bool,
        limits: CommandLimits,
    ) -> io::Result<Ran> {
        let (home, stubs) = self.prepare(node_id)?;
        shell::run(line, &home, &stubs, says_yes, limits).await
    }

    /// The folder of a node, once a command ran on it.
    pub(crate) fn node_folder(&self, node_id: u64) -> Option<PathBuf> {
        let root = self.root();
        let folder = node_folder(root.as_ref()?.path(), node_id);
        folder.is_dir().then_some(folder)
    }

    /// The folders of all nodes on which a command ran.
    pub(crate) fn node_folders(&self) -> Vec<PathBuf> {
        let root = self.root();
        let entries = root
            .as_ref()
            .and_then(|root| fs::read_dir(root.path()).ok());
        let paths = entries.into_iter().flatten().flatten().map(|it| it.path());
        let is_of_node = |path: &PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str());
            name.is_some_and(|name| name.starts_with("node-"))
        };
        paths.filter(is_of_node).collect()
    }

    /// Where an absolute path of a node is on this machine; `None` for a path that leaves it.
    pub(crate) fn path_on_node(&self, node_id: u64, path: &str) -> Option<PathBuf> {
        let mut target = self.node_folder(node_id)?;
        for component in Path::new(path).components() {
            match component {
                Component::Normal(part) => target.push(part),
                Component::RootDir | Component::CurDir => {}
                Component::ParentDir | Component::Prefix(_) => return None,
            }
        }
        Some(target)
    }

    /// Arguments of every call of `wp` on a node, in order.
    pub(crate) fn wp_calls(&self, node_id: u64) -> Vec<Vec<String>> {
        let folder = self.node_folder(node_id);
        let text = folder.and_then(|folder| fs::read_to_string(folder.join(CALLS_FILE)).ok());
        let text = text.unwrap_or_default();
        let records = text.split_terminator("\0\n");
        records
            .map(|record| record.split('\0').map(str::to_owned).collect())
            .collect()
    }

    fn prepare(&self, node_id: u64) -> io::Result<(PathBuf, PathBuf)> {
        let mut root = self.root();
        let folder = match root.take() {
            Some(folder) => folder,
            None => new_root()?,
        };
        let path = root.insert(folder).path();
        let home = node_folder(path, node_id);
        fs::create_dir_all(&home)?;
        Ok((home, stub_folder(path)))
    }

    fn root(&self) -> MutexGuard<'_, Option<TempDir>> {
        self.root.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn new_root() -> io::Result<TempDir> {
    let root = tempfile::Builder::new()
        .prefix("virtuozzo-simulator-")
        .tempdir()?;
    let stubs = stub_folder(root.path());
    fs::create_dir(&stubs)?;
    let wp = stubs.join("wp");
    fs::write(&wp, WP_STUB)?;
    fs::set_permissions(&wp, fs::Permissions::from_mode(EXECUTABLE))?;
    Ok(root)
}

fn stub_folder(root: &Path) -> PathBuf {
    root.join("bin")
}

fn node_folder(root: &Path, node_id: u64) -> PathBuf {
    root.join(format!("node-{node_id}"))
}
