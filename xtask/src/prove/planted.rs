//! Takes one guard away after the other, and demands that the tests which are named for it fail. One
//! build with `--cfg planted` holds every fault; a variable chooses. What is released holds none.

mod faults;
mod outcome;

use super::Counts;
use crate::external;
use crate::task_error::TaskError;
use crate::throwaway_servers;
use crate::workspace;
use faults::{CRASH_POINTS, FAULTS, Planted, VARIABLE};
use outcome::Outcomes;
use serde_json::json;
use std::path::Path;
use std::process::Command;

#[cfg(test)]
mod tests;

pub(super) const COMMAND: &str =
    "RUSTFLAGS='--cfg planted' WINDLASS_PLANTED=<fault> cargo test -p <crate> -- --exact <tests>";

pub(super) fn run() -> Result<Counts, TaskError> {
    throwaway_servers::ensure_installed()?;
    let mut findings = Vec::new();
    let mut counts = names_in_programs(&mut findings)?;
    let mut tests = 0;
    for planted in FAULTS {
        let noticed = notice(planted, &mut findings)?;
        tests += noticed.len();
        counts.insert(
            planted.fault.to_owned(),
            json!({ "failing_tests": noticed }),
        );
    }
    counts.insert("faults".to_owned(), json!(FAULTS.len()));
    counts.insert("tests".to_owned(), json!(tests));
    println!("{}", json!(counts));
    TaskError::from_findings("prove planted", findings)?;
    Ok(counts)
}

/// A choice that is no fault: choosing alone must do no harm.
const NO_FAULT: &str = "planted-nothing";

/// A command of cargo on the build with faults.
fn cargo_planted(arguments: &[&str]) -> Result<Command, TaskError> {
    let mut command = external::cargo(arguments);
    command.env("RUSTFLAGS", "--cfg planted").env(
        "CARGO_TARGET_DIR",
        workspace::target_folder()?.join("planted"),
    );
    Ok(command)
}

/// Builds both programs and looks for the names of the faults in them: none may be in what is released.
/// That they are in the other one shows that they would be found.
fn names_in_programs(findings: &mut Vec<String>) -> Result<Counts, TaskError> {
    external::run(&mut external::cargo(&[
        "build",
        "--release",
        "-p",
        "server",
    ]))?;
    external::run(&mut cargo_planted(&["build", "-p", "server"])?)?;
    let target = workspace::target_folder()?;
    let released = names_in(&target.join("release/windlass"))?;
    let planted = names_in(&target.join("planted/debug/windlass"))?;
    if !released.is_empty() {
        findings.push(format!("the release program holds {}", released.join(", ")));
    }
    if planted.is_empty() {
        findings.push("the program with faults holds none of their names".to_owned());
    }
    let mut counts = Counts::new();
    counts.insert("names_in_release_program".to_owned(), json!(released.len()));
    counts.insert("names_in_planted_program".to_owned(), json!(planted.len()));
    Ok(counts)
}

fn names_in(program: &Path) -> Result<Vec<&'static str>, TaskError> {
    let bytes = std::fs::read(program).map_err(|source| TaskError::File {
        path: program.to_owned(),
        source,
    })?;
    let names = FAULTS.iter().map(|planted| planted.fault);
    let is_in = |name: &&str| holds(&bytes, name.as_bytes());
    Ok(names
        .chain([VARIABLE, CRASH_POINTS])
        .filter(is_in)
        .collect())
}

fn holds(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

/// Runs the tests without and with the fault; gives those that noticed it.
fn notice(planted: &Planted, findings: &mut Vec<String>) -> Result<Vec<&'static str>, TaskError> {
    if planted.tests.is_empty() {
        findings.push(format!("{}: no test is named for it", planted.fault));
        return Ok(Vec::new());
    }
    let without = outcomes(planted, NO_FAULT)?;
    let with = outcomes(planted, planted.fault)?;
    let mut noticed = Vec::new();
    for test in planted.tests {
        if !without.has_passed(test) {
            findings.push(format!(
                "{}: {test} does not pass without it",
                planted.fault
            ));
        } else if with.has_failed(test) {
            noticed.push(*test);
        } else {
            findings.push(format!("{}: {test} does not notice it", planted.fault));
        }
    }
    Ok(noticed)
}

fn outcomes(planted: &Planted, chosen: &str) -> Result<Outcomes, TaskError> {
    let mut arguments = vec!["test", "--no-fail-fast", "-p", planted.package];
    arguments.extend(planted.target);
    arguments.extend(["--", "--exact"]);
    arguments.extend(planted.tests);
    let mut command = cargo_planted(&arguments)?;
    command.env(VARIABLE, chosen);
    let mut outcomes = Outcomes::default();
    // A status that is no success is what is hoped for.
    external::run_listening(&mut command, |line| outcomes.listen(line))?;
    Ok(outcomes)
}
