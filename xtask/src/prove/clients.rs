//! Runs clients of others, unchanged and from the package index of Python, against the simulator: what
//! they ask for must be answered, and what is refused must be refused for a reason.

mod simulator;
mod tally;

use super::Counts;
use crate::external;
use crate::python::Python;
use crate::task_error::TaskError;
use crate::workspace;
use serde_json::{Value, json};
use simulator::Simulator;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use tally::Tally;

/// Each has a driver `drive_<name>.py`.
const CLIENTS: [&str; 3] = ["jelastic_client", "jelapi", "py_jelastic"];

fn folder() -> PathBuf {
    workspace::root().join("xtask/clients")
}

pub(super) fn measure() -> Result<Counts, TaskError> {
    let python = Python::prepare("clients", &folder().join("requirements.txt"))?;
    external::run(&mut external::cargo(&[
        "build",
        "-p",
        "virtuozzo-simulator",
    ]))?;
    let mut tallies = Vec::new();
    for client in CLIENTS {
        tallies.push(drive(client, &python)?);
    }
    let findings = tallies.iter().flat_map(Tally::findings).collect();
    TaskError::from_findings("prove clients", findings)?;
    Ok(counts(&tallies))
}

/// Runs one client to its end, on a platform of its own.
fn drive(client: &str, python: &Python) -> Result<Tally, TaskError> {
    let simulator = Simulator::start()?;
    let mut command = Command::new(python.program());
    command
        .arg("-B")
        .arg(folder().join(format!("drive_{client}.py")))
        .args([&simulator.base_url, &simulator.control_url])
        .arg(simulator::TOKEN)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|source| TaskError::NotRun {
        command: external::line_of(&command),
        source,
    })?;
    let mut tally = Tally::default();
    let output = child.stdout.take().into_iter();
    for line in output.flat_map(|output| BufReader::new(output).lines().map_while(Result::ok)) {
        tally.read(&line)?;
        if let Some(progress) = tally.progress() {
            eprintln!("{progress}");
        }
    }
    let status = child.wait().map_err(|source| TaskError::NotRun {
        command: external::line_of(&command),
        source,
    })?;
    external::check(&command, status)?;
    Ok(tally)
}

fn counts(tallies: &[Tally]) -> Counts {
    let total = |of: fn(&Tally) -> u64| -> u64 { tallies.iter().map(of).sum() };
    let mut counts = Counts::from([
        ("calls".to_owned(), json!(total(Tally::calls))),
        ("passed".to_owned(), json!(total(Tally::passed))),
        (
            "refused_as_expected".to_owned(),
            json!(total(Tally::refused)),
        ),
        ("requests".to_owned(), json!(total(|tally| tally.requests))),
    ]);
    let clients: Vec<Value> = tallies.iter().map(Tally::summary).collect();
    counts.insert("clients".to_owned(), Value::Array(clients));
    counts
}
