//! `windlass doctor`: whether everything that Windlass needs is there, and what to do about what is not. It changes
//! nothing and runs beside a running service.

mod examination;
mod report;

use super::{CommandError, read_configuration, say};
use std::path::PathBuf;
use std::process::ExitCode;

pub(super) use examination::examine;
use report::Verdict;
pub(super) use report::as_json;

/// Ends with 1 when something fails; warnings alone are no failure.
pub(super) async fn run(file: Option<PathBuf>, json: bool) -> Result<ExitCode, CommandError> {
    let configuration = read_configuration(file)?;
    let checks = examine(&configuration).await;
    if json {
        say(&as_json(&checks).to_string());
    } else {
        for line in report::lines(&checks) {
            say(&line);
        }
    }
    let has_failed = checks.iter().any(|check| check.verdict == Verdict::Failed);
    Ok(if has_failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
