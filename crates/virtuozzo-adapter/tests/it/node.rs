//! A folder that is a node: a real shell, a home, and a `wp` of the test's own.

use domain::ids::StepAttemptId;
use domain::ports::GuardedCommand;
use domain::wordpress::{ArgumentText, SearchReplace};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;
use virtuozzo_adapter::guarded_command::{NodeReport, ShellLine};

pub(crate) const SITE_FOLDER: &str = "/srv/it's a site";

/// The shells that nodes have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shell {
    /// Whatever `/bin/sh` is; on Debian it is dash.
    Sh,
    Bash,
    /// With busybox's own programs, too.
    Busybox,
}

impl Shell {
    pub(crate) const ALL: [Self; 3] = [Self::Sh, Self::Bash, Self::Busybox];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sh => "sh",
            Self::Bash => "bash",
            Self::Busybox => "busybox",
        }
    }

    fn program(self) -> PathBuf {
        let path = [
            "/bin",
            "/usr/bin",
            "/usr/local/bin",
            "/opt/homebrew/bin",
            "/sbin",
        ]
        .map(|folder| Path::new(folder).join(self.name()))
        .into_iter()
        .find(|path| path.exists());
        path.unwrap_or_else(|| panic!("the tests need `{}`: install it", self.name()))
    }
}

pub(crate) struct Node {
    folder: TempDir,
    shell: Shell,
}

impl Node {
    /// A node whose `wp` does this.
    pub(crate) fn new(shell: Shell, wp: &str) -> Self {
        let node = Self {
            folder: TempDir::new().unwrap(),
            shell,
        };
        for folder in ["programs", "home/bin"] {
            fs::create_dir_all(node.folder.path().join(folder)).unwrap();
        }
        let programs: &[&str] = match shell {
            Shell::Sh | Shell::Bash => &["sh"],
            Shell::Busybox => &[
                "sh", "cat", "dd", "find", "mkdir", "mv", "od", "rm", "tr", "wc",
            ],
        };
        for program in programs {
            let link = node.folder.path().join("programs").join(program);
            symlink(shell.program(), link).unwrap();
        }
        let path = node.home().join("bin/wp");
        fs::write(&path, format!("#!/bin/sh\n{wp}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        node
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    pub(crate) fn guard_folder(&self, guard: StepAttemptId) -> PathBuf {
        self.home().join(".windlass/guards").join(guard.to_string())
    }

    /// The node's shell, before it has been told what to do.
    pub(crate) fn shell(&self) -> Command {
        let programs = self.folder.path().join("programs");
        let mut command = Command::new(self.shell.program());
        if self.shell == Shell::Busybox {
            command.arg("sh");
        }
        command
            .env_clear()
            .env("HOME", self.home())
            .env("PATH", format!("{}:/usr/bin:/bin", programs.display()))
            .current_dir(self.home())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// The shell with a line, as the platform would give it one.
    pub(crate) fn line(&self, guard: StepAttemptId, command: &GuardedCommand) -> Command {
        let line = ShellLine::guarded(guard, command, SITE_FOLDER);
        let mut shell = self.shell();
        shell.arg("-c").arg(line.text());
        shell
    }

    pub(crate) fn run(&self, guard: StepAttemptId, command: &GuardedCommand) -> NodeReport {
        report(&self.line(guard, command).output().unwrap(), guard)
    }

    /// How often `wp` was run, when it says so in `runs`.
    pub(crate) fn runs(&self) -> usize {
        let runs = fs::read_to_string(self.home().join("runs"));
        runs.map_or(0, |runs| runs.lines().count())
    }
}

/// What the line said. It always ends well and never complains.
pub(crate) fn report(output: &Output, guard: StepAttemptId) -> NodeReport {
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
    NodeReport::find(std::str::from_utf8(&output.stdout).unwrap(), guard).unwrap()
}

pub(crate) fn search_replace(search: &str, replacement: &str) -> GuardedCommand {
    let text = |text| ArgumentText::parse(text).unwrap();
    GuardedCommand::SearchReplace(SearchReplace::new(text(search), text(replacement)).unwrap())
}
