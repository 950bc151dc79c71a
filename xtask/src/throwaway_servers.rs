//! PostgreSQL and Redis for one run of a command: finds or installs the programs that tests need, and
//! lets `testkit-servers` start the servers. They end with this process, however it ends.

use crate::external;
use crate::task_error::TaskError;
use crate::workspace;
use serde::Deserialize;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

#[cfg(test)]
mod tests;

/// A program that the tests need, and the Debian package that brings it.
struct Needed {
    is_there: fn() -> bool,
    package: &'static str,
}

const NEEDED: [Needed; 7] = [
    Needed {
        is_there: is_postgres_there,
        package: "postgresql",
    },
    Needed {
        is_there: || workspace::find_program("redis-server").is_some(),
        package: "redis-server",
    },
    // The test of encrypted connections to PostgreSQL makes its certificates with it.
    Needed {
        is_there: || workspace::find_program("openssl").is_some(),
        package: "openssl",
    },
    // The tests of commands for nodes run them in its shell, too.
    Needed {
        is_there: || workspace::find_program("busybox").is_some(),
        package: "busybox",
    },
    // The quickstart is run as its readers run it.
    Needed {
        is_there: || workspace::find_program("curl").is_some(),
        package: "curl",
    },
    // Alerts are tried by the program that reads them.
    Needed {
        is_there: || workspace::find_program("promtool").is_some(),
        package: "prometheus",
    },
    // What asks everything that the description of the API allows comes from Python's package index.
    Needed {
        is_there: || {
            let mut venv = Command::new("python3");
            external::succeeds(venv.args(["-c", "import ensurepip, venv"]))
        },
        package: "python3-venv",
    },
];

fn is_postgres_there() -> bool {
    let debian_folders = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    std::env::var_os("PG_BIN").is_some_and(|folder| Path::new(&folder).join("initdb").exists())
        || debian_folders
            .map(|entry| entry.path())
            .any(|path| path.join("bin/initdb").exists())
        || workspace::find_program("initdb").is_some()
}

/// What to do about missing packages.
#[derive(Debug, PartialEq, Eq)]
enum Remedy {
    Nothing,
    Install(Vec<&'static str>),
    Ask(String),
}

fn remedy(missing: Vec<&'static str>, is_root: bool, is_debian: bool) -> Remedy {
    if missing.is_empty() {
        Remedy::Nothing
    } else if is_root && is_debian {
        Remedy::Install(missing)
    } else {
        let packages = missing.join(" ");
        let how = if is_debian {
            format!("install them with `sudo apt-get install {packages}`")
        } else {
            format!(
                "install what Debian calls {packages}, and put the programs on PATH (or name PostgreSQL's folder in PG_BIN)"
            )
        };
        Remedy::Ask(format!(
            "the tests need programs that are not installed: {how}"
        ))
    }
}

/// Makes sure that the programs are there, installing Debian's packages where we may.
pub(crate) fn ensure_installed() -> Result<(), TaskError> {
    let missing = NEEDED
        .iter()
        .filter(|needed| !(needed.is_there)())
        .map(|needed| needed.package);
    let is_root = external::output_of(Command::new("id").arg("-u"))?.trim() == "0";
    let is_debian = Path::new("/etc/debian_version").exists();
    match remedy(missing.collect(), is_root, is_debian) {
        Remedy::Nothing => Ok(()),
        Remedy::Ask(request) => Err(TaskError::NotPossible(request)),
        Remedy::Install(packages) => {
            external::run(apt_get().arg("update"))?;
            external::run(
                apt_get()
                    .args(["install", "-y", "--no-install-recommends"])
                    .args(packages),
            )
        }
    }
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").arg("-q");
    command
}

/// Where the servers are.
#[derive(Debug, Deserialize)]
pub(crate) struct Addresses {
    pub(crate) postgres: Option<String>,
    pub(crate) redis: Option<String>,
}

/// Running servers; they end when this is dropped.
pub(crate) struct ThrowawayServers {
    child: Child,
    pub(crate) addresses: Addresses,
}

impl ThrowawayServers {
    /// Starts the servers of these names (`postgres`, `redis`). `testkit-servers` must be built.
    pub(crate) fn start(names: &[&str]) -> Result<Self, TaskError> {
        let mut command = Command::new(workspace::debug_program("testkit-servers")?);
        command
            .args(names)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.spawn().map_err(|source| TaskError::NotRun {
            command: external::line_of(&command),
            source,
        })?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output)
                .read_line(&mut line)
                .map_err(|source| TaskError::NotRun {
                    command: external::line_of(&command),
                    source,
                })?;
        }
        let addresses = serde_json::from_str(&line).map_err(|error| TaskError::Unexpected {
            what: "what testkit-servers printed".to_owned(),
            detail: error.to_string(),
        })?;
        Ok(Self { child, addresses })
    }
}

impl Drop for ThrowawayServers {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        // Waiting lets the servers remove their folders; there is nobody to tell if that fails.
        self.child.wait().ok();
    }
}
