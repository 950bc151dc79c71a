//! `windlass migrate`: bring the database to this version's schema.

use super::{CommandError, read_configuration, say, start_logging};
use std::path::PathBuf;
use std::process::ExitCode;

pub(super) async fn run(file: Option<PathBuf>) -> Result<ExitCode, CommandError> {
    let configuration = read_configuration(file)?;
    let _log = start_logging(&configuration, None)?;
    let report = crate::service::migrate(&configuration).await?;
    if report.applied.is_empty() {
        say("the schema is up to date");
    } else {
        for name in &report.applied {
            say(&format!("applied {name}"));
        }
    }
    Ok(ExitCode::SUCCESS)
}
