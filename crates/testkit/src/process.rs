//! Spawned programs that can be killed, stopped and continued, and that never outlive the test:
//! also not when the test itself is killed.

use rustix::process::{Pid, Signal, kill_process};
use std::ffi::OsString;
use std::fs::File;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use crate::environment;
use crate::wait::until_blocking;

#[cfg(test)]
mod tests;

/// How long a program that was told to die may take, disks included.
const DEATH_DEADLINE: Duration = Duration::from_secs(20);

/// Runs the program in the place of the shell, so that it has the process id we know. A detached
/// watcher reads our end of a pipe: end of file without a word before it means that we died, so it
/// ends the program and removes its folder. A word means that we have ended it ourselves.
const SUPERVISOR: &str = r#"
signal=$1 folder=$2
shift 2
(
  (
    if read -r _ <&3; then exit 0; fi
    kill -s "$signal" $$
    tries=0
    while kill -0 $$ && [ "$tries" -lt 100 ]; do sleep 0.05; tries=$((tries + 1)); done
    kill -s KILL $$
    if [ -n "$folder" ]; then rm -rf "$folder"; fi
  ) </dev/null >/dev/null 2>&1 &
) 3<&0
exec "$@" </dev/null
"#;

/// How to spawn a program.
#[derive(Debug, Clone)]
pub struct ProcessOptions {
    program: PathBuf,
    arguments: Vec<OsString>,
    variables: Vec<(OsString, OsString)>,
    folder: Option<PathBuf>,
    identity: Option<(u32, u32)>,
    end_signal: Signal,
    removed_if_orphaned: Option<PathBuf>,
}

impl ProcessOptions {
    /// The program at that path, without arguments.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
            arguments: Vec::new(),
            variables: Vec::new(),
            folder: None,
            identity: None,
            end_signal: Signal::KILL,
            removed_if_orphaned: None,
        }
    }

    /// Adds an argument.
    #[must_use]
    pub fn argument(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn arguments<Item: Into<OsString>>(
        mut self,
        arguments: impl IntoIterator<Item = Item>,
    ) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Sets an environment variable. Nothing else is inherited but `PATH`, what backtraces and coverage
    /// need, and the planted fault.
    #[must_use]
    pub fn variable(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    /// Sets the working folder.
    #[must_use]
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    pub(crate) fn identity(mut self, identity: Option<(u32, u32)>) -> Self {
        self.identity = identity;
        self
    }

    /// The signal that ends the program when it is dropped or orphaned.
    pub(crate) fn end_signal(mut self, signal: Signal) -> Self {
        self.end_signal = signal;
        self
    }

    /// A folder of the program that goes with it when we cannot remove it ourselves.
    pub(crate) fn removed_if_orphaned(mut self, folder: impl Into<PathBuf>) -> Self {
        self.removed_if_orphaned = Some(folder.into());
        self
    }

    fn command(&self) -> Command {
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", SUPERVISOR, "supervisor"])
            .arg(signal_name(self.end_signal))
            .arg(self.removed_if_orphaned.as_deref().unwrap_or(Path::new("")))
            .arg(&self.program)
            .args(&self.arguments)
            .env_clear();
        for name in [
            "PATH",
            "RUST_BACKTRACE",
            "LLVM_PROFILE_FILE",
            "WINDLASS_PLANTED",
        ] {
            if let Some(value) = environment::variable(name) {
                command.env(name, value);
            }
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        if let Some((user, group)) = self.identity {
            command.uid(user).gid(group);
        }
        command
    }
}

fn signal_name(signal: Signal) -> &'static str {
    if signal == Signal::QUIT {
        "QUIT"
    } else if signal == Signal::TERM {
        "TERM"
    } else {
        "KILL"
    }
}

/// A running program. Ended when it is dropped.
pub struct ManagedProcess {
    child: Child,
    end_signal: Signal,
    output_path: PathBuf,
    error_path: PathBuf,
}

impl ManagedProcess {
    /// Spawns the program. Its standard output goes to `<log_stem>.out`, its standard error to
    /// `<log_stem>.err`; both are appended to, so that a restart keeps what was said before.
    pub fn spawn(options: &ProcessOptions, log_stem: &Path) -> Self {
        let output_path = log_stem.with_extension("out");
        let error_path = log_stem.with_extension("err");
        let child = options
            .command()
            .stdin(Stdio::piped())
            .stdout(open_log(&output_path))
            .stderr(open_log(&error_path))
            .spawn()
            .expect("a shell can be started");
        Self {
            child,
            end_signal: options.end_signal,
            output_path,
            error_path,
        }
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// All that was written to standard output so far.
    pub fn output(&self) -> String {
        read_log(&self.output_path)
    }

    /// All that was written to standard error so far.
    pub fn errors(&self) -> String {
        read_log(&self.error_path)
    }

    /// Whether the program still runs (or is stopped by a signal).
    pub fn is_running(&mut self) -> bool {
        self.status().is_none()
    }

    /// How the program ended, if it did.
    pub fn status(&mut self) -> Option<ExitStatus> {
        self.child
            .try_wait()
            .expect("a child of ours can be waited for")
    }

    /// Ends it as a power cut would (SIGKILL) and waits until it is gone.
    pub fn kill(&mut self) -> ExitStatus {
        self.signal(Signal::KILL);
        self.wait(DEATH_DEADLINE)
    }

    /// Asks it to end (SIGTERM).
    pub fn terminate(&mut self) {
        self.signal(Signal::TERM);
    }

    /// Freezes it (SIGSTOP).
    pub fn pause(&mut self) {
        self.signal(Signal::STOP);
    }

    /// Lets a frozen program go on (SIGCONT).
    pub fn resume(&mut self) {
        self.signal(Signal::CONT);
    }

    /// Whether it stands still, frozen by us or by itself.
    pub fn is_frozen(&self) -> bool {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.id()));
        // The state stands behind the name, which may hold anything.
        stat.is_ok_and(|stat| {
            stat.rsplit(") ")
                .next()
                .is_some_and(|it| it.starts_with('T'))
        })
    }

    /// Waits until it has ended by itself; panics with its standard error when the deadline passes.
    pub fn wait(&mut self, deadline: Duration) -> ExitStatus {
        let errors = self.error_path.clone();
        let id = self.id();
        until_blocking(
            &format!("process {id} has ended; see {}", errors.display()),
            deadline,
            || self.status(),
        )
    }

    /// Sends a signal. A program that has ended already is left alone: its id may be another's.
    pub(crate) fn signal(&mut self, signal: Signal) {
        if self.is_running() {
            let pid = i32::try_from(self.child.id())
                .ok()
                .and_then(Pid::from_raw)
                .expect("a process id is a positive number");
            kill_process(pid, signal).expect("a child of ours can be signalled");
        }
    }

    /// Ends it with the signal it was registered with, or by force when that does not help.
    pub(crate) fn end(&mut self) {
        self.signal(Signal::CONT);
        self.signal(self.end_signal);
        let began = std::time::Instant::now();
        while self.is_running() {
            if began.elapsed() > DEATH_DEADLINE {
                self.signal(Signal::KILL);
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        if let Some(mut watcher) = self.child.stdin.take() {
            // The watcher is gone already when somebody killed the whole process group.
            drop(watcher.write_all(b"ended\n"));
        }
    }
}

impl Drop for ManagedProcess {
    fn drop(&mut self) {
        self.end();
    }
}

fn open_log(path: &Path) -> File {
    File::options()
        .create(true)
        .append(true)
        .open(path)
        .expect("the folder for logs can be written to")
}

fn read_log(path: &Path) -> String {
    let bytes = std::fs::read(path).expect("a log that was opened can be read");
    String::from_utf8_lossy(&bytes).into_owned()
}
