//! One shell line as a process: its own environment, its output, a limit to its time.
//!
//! It must not wait for what a line leaves running in the background, as long as that keeps
//! neither output open; `leftovers` ends it with the simulator.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{ChildStdin, Command};

const SYSTEM_PATH: &str = "/usr/local/bin:/usr/bin:/bin";

#[derive(Clone, Copy, Debug)]
pub(crate) struct CommandLimits {
    /// Real time, whatever the simulator's clock shows.
    pub(crate) time: Duration,
    /// Of each of both outputs; the rest is read and dropped.
    pub(crate) output_max_bytes: usize,
}

/// What became of a line.
#[derive(Debug)]
pub(crate) struct Ran {
    /// Absent when its time was up.
    pub(crate) exit_status: Option<i32>,
    pub(crate) out: String,
    pub(crate) error_out: String,
}

pub(super) async fn run(
    line: &str,
    home: &Path,
    stubs: &Path,
    says_yes: bool,
    limits: CommandLimits,
) -> io::Result<Ran> {
    let mut child = Command::new("/bin/sh")
        .args(["-c", line])
        .current_dir(home)
        .env_clear()
        .env("PATH", format!("{}:{SYSTEM_PATH}", stubs.display()))
        .env("HOME", home)
        .env(super::NODE_FOLDER, home)
        .env("LANG", "C.UTF-8")
        .stdin(if says_yes {
            Stdio::piped()
        } else {
            Stdio::null()
        })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()?;
    let mut group = ProcessGroup::led_by(child.id());
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (mut out, mut error_out) = (Vec::new(), Vec::new());
    let ended = async {
        tokio::join!(
            collect(stdout, &mut out, limits.output_max_bytes),
            collect(stderr, &mut error_out, limits.output_max_bytes),
            child.wait(),
        )
    };
    let status = tokio::select! {
        ((), (), status) = ended => {
            group.spare();
            Some(status?)
        }
        () = say_yes(stdin) => None,
        () = tokio::time::sleep(limits.time) => None,
    };
    Ok(Ran {
        exit_status: status.map(exit_code),
        out: String::from_utf8_lossy(&out).into_owned(),
        error_out: String::from_utf8_lossy(&error_out).into_owned(),
    })
}

/// Killed as a whole when its time is up, or when nobody waits for the line any more.
struct ProcessGroup(Option<Pid>);

impl ProcessGroup {
    fn led_by(leader: Option<u32>) -> Self {
        let id = leader.and_then(|id| i32::try_from(id).ok());
        Self(id.and_then(Pid::from_raw))
    }

    /// The line ended by itself: what it left behind lives on, as on a node.
    fn spare(&mut self) {
        self.0 = None;
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            // Nobody is left in it when all of it ended in the same moment.
            kill_process_group(group, Signal::KILL).ok();
        }
    }
}

/// Reads to the end and keeps the first `max` bytes.
async fn collect(stream: Option<impl AsyncRead + Unpin>, kept: &mut Vec<u8>, max: usize) {
    let Some(mut stream) = stream else { return };
    let mut piece = [0; 4096];
    while let Ok(length @ 1..) = stream.read(&mut piece).await {
        let room = max.saturating_sub(kept.len());
        kept.extend(&piece[..length.min(room)]);
    }
}

/// Answers every question; never returns.
async fn say_yes(stdin: Option<ChildStdin>) {
    if let Some(mut stdin) = stdin {
        while stdin.write_all(b"yes\n").await.is_ok() {}
    }
    std::future::pending::<()>().await;
}

fn exit_code(status: ExitStatus) -> i32 {
    let by_signal = status.signal().map(|signal| 128 + signal);
    status.code().or(by_signal).unwrap_or_default()
}
