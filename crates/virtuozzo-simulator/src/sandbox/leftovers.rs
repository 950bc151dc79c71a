//! Ends what commands left running in the background, also outside of their process group.
//!
//! It must not touch a process that was not started in the sandbox: each is known by its
//! environment. Where there is no `/proc`, nothing is found.

use std::fs;
use std::path::Path;

use rustix::process::{Pid, Signal, kill_process};

/// What is ended may just have started something: so it is looked for again.
const ROUNDS_MAX: u32 = 10;

pub(super) fn end(root: &Path) {
    let mark = format!("{}={}/", super::NODE_FOLDER, root.display());
    for _ in 0..ROUNDS_MAX {
        let left: Vec<Pid> = processes().filter(|pid| is_marked(*pid, &mark)).collect();
        if left.is_empty() {
            return;
        }
        for pid in left {
            // It may have ended by itself meanwhile.
            kill_process(pid, Signal::KILL).ok();
        }
    }
}

fn processes() -> impl Iterator<Item = Pid> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| {
        let name = entry.file_name();
        Pid::from_raw(name.to_str()?.parse().ok()?)
    })
}

/// The environment of a process that was killed and not yet collected is empty.
fn is_marked(pid: Pid, mark: &str) -> bool {
    let environment = fs::read(format!("/proc/{}/environ", pid.as_raw_nonzero()));
    let environment = environment.unwrap_or_default();
    let mut variables = environment.split(|byte| *byte == 0);
    variables.any(|variable| variable.starts_with(mark.as_bytes()))
}
