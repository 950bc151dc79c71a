//! Measures the release build: size, time to ready on first boot, memory at rest; and runs the demo.

use super::Counts;
use crate::external;
use crate::task_error::TaskError;
use crate::workspace;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

#[cfg(test)]
mod tests;

const BOOTS: usize = 5;
const READY_DEADLINE: Duration = Duration::from_secs(20);
/// How long the server is left alone before its memory is read.
const REST: Duration = Duration::from_secs(5);

/// What is aimed at.
const GOALS: [(&str, u64); 3] = [
    ("ready_milliseconds", 150),
    ("idle_memory_kibibytes", 25 * 1024),
    ("program_bytes", 20 * 1024 * 1024),
];

pub(super) fn measure() -> Result<Counts, TaskError> {
    external::run(&mut external::cargo(&[
        "build",
        "--release",
        "-p",
        "server",
    ]))?;
    let program = workspace::target_folder()?.join("release/windlass");
    let folder = workspace::target_folder()?.join("proofs/demo");
    let mut ready = Vec::new();
    let mut idle = 0;
    for boot in 1..=BOOTS {
        let mut server = Booted::start(&program, &folder)?;
        ready.push(server.wait_until_ready()?);
        if boot == BOOTS {
            std::thread::sleep(REST);
            idle = memory_kibibytes(server.child.id())?;
        }
    }
    ready.sort();
    let bytes = std::fs::metadata(&program)
        .map_err(|source| TaskError::File {
            path: program.clone(),
            source,
        })?
        .len();
    run_demo(&program, &folder)?;
    let milliseconds = u64::try_from(ready[BOOTS / 2].as_millis()).unwrap_or(u64::MAX);
    Ok(with_goals(&[milliseconds, idle, bytes]))
}

/// Each measured value beside its goal.
fn with_goals(measured: &[u64; 3]) -> Counts {
    let mut counts = Counts::new();
    for ((name, goal), value) in GOALS.iter().zip(measured) {
        let judged = json!({ "measured": value, "goal": goal, "is_met": value <= goal });
        println!("{name}: {judged}");
        counts.insert((*name).to_owned(), judged);
    }
    counts.insert("demo".to_owned(), json!("succeeded"));
    counts.insert("boots".to_owned(), json!(BOOTS));
    counts
}

/// Runs the program in a folder that was emptied, without any configuration.
fn in_empty_folder(program: &Path, folder: &Path) -> Result<Command, TaskError> {
    std::fs::remove_dir_all(folder).ok();
    std::fs::create_dir_all(folder).map_err(|source| TaskError::File {
        path: folder.to_owned(),
        source,
    })?;
    let mut command = Command::new(program);
    command.current_dir(folder).stdin(Stdio::null());
    Ok(command)
}

fn run_demo(program: &Path, folder: &Path) -> Result<(), TaskError> {
    let mut command = in_empty_folder(program, folder)?;
    let printed = external::output_of(command.args(["demo", "--exit", "--json"]))?;
    let state = job_state(&printed);
    if state.as_deref() == Some("succeeded") {
        return Ok(());
    }
    Err(TaskError::Unexpected {
        what: "the job of the demo".to_owned(),
        detail: state.unwrap_or(printed),
    })
}

/// The state of the job in the demo's JSON, which is the last line or the whole output.
fn job_state(printed: &str) -> Option<String> {
    let last = printed.trim_end().lines().last()?;
    let summary: Value = serde_json::from_str(printed)
        .or_else(|_| serde_json::from_str(last))
        .ok()?;
    Some(summary.pointer("/job/state")?.as_str()?.to_owned())
}

/// A server that is ended when this is dropped.
struct Booted {
    child: Child,
    began: Instant,
    lines: Receiver<String>,
}

impl Drop for Booted {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to do.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Booted {
    fn start(program: &Path, folder: &Path) -> Result<Self, TaskError> {
        let mut command = in_empty_folder(program, folder)?;
        command
            .arg("serve")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let began = Instant::now();
        let mut child = command.spawn().map_err(|source| TaskError::NotRun {
            command: external::line_of(&command),
            source,
        })?;
        let (sender, lines) = mpsc::channel();
        let streams: [Option<Box<dyn Read + Send>>; 2] = [
            child.stdout.take().map(|stream| Box::new(stream) as _),
            child.stderr.take().map(|stream| Box::new(stream) as _),
        ];
        for stream in streams.into_iter().flatten() {
            let sender = sender.clone();
            std::thread::spawn(move || {
                let lines = BufReader::new(stream).lines().map_while(Result::ok);
                // Read to the end even when nobody listens, or the server would block.
                lines.for_each(|line| drop(sender.send(line)));
            });
        }
        Ok(Self {
            child,
            began,
            lines,
        })
    }

    /// Time from the start until the server answers that it is ready. It says on which address.
    fn wait_until_ready(&mut self) -> Result<Duration, TaskError> {
        let mut said = Vec::new();
        let mut candidates = Vec::new();
        while self.began.elapsed() < READY_DEADLINE {
            while let Ok(line) = self.lines.try_recv() {
                candidates.extend(addresses(&line));
                said.push(line);
            }
            if candidates.iter().any(|address| is_ready(address)) {
                return Ok(self.began.elapsed());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Err(TaskError::Unexpected {
            what: "the server".to_owned(),
            detail: format!(
                "not ready after {READY_DEADLINE:?}; it said:\n{}",
                said.join("\n")
            ),
        })
    }
}

/// The `host:port` of every http URL in the line.
fn addresses(line: &str) -> Vec<String> {
    line.split("http://")
        .skip(1)
        .map(|rest| {
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || ".:-[]".contains(c)));
            rest[..end.unwrap_or(rest.len())]
                .trim_end_matches('.')
                .to_owned()
        })
        .filter(|address| address.contains(':'))
        .collect()
}

fn is_ready(address: &str) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        let request =
            format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut status = String::new();
        BufReader::new(stream).read_line(&mut status)?;
        Ok(status.starts_with("HTTP/1.1 200"))
    };
    ask().unwrap_or(false)
}

fn memory_kibibytes(process: u32) -> Result<u64, TaskError> {
    let status = workspace::read(Path::new(&format!("/proc/{process}/status")))?;
    resident_kibibytes(&status).ok_or_else(|| TaskError::Unexpected {
        what: "the status of the server's process".to_owned(),
        detail: status,
    })
}

fn resident_kibibytes(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}
