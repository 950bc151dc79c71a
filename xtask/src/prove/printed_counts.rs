//! Counts that a test prints as one line of JSON behind a mark, for the proof that runs it.

use super::Counts;
use crate::external;
use crate::task_error::TaskError;
use std::process::Command;

#[cfg(test)]
mod tests;

/// Runs the tests; gives what they counted, and says so. An error when they counted nothing.
pub(super) fn of(command: &mut Command, mark: &str) -> Result<Counts, TaskError> {
    let printed = external::output_of(command)?;
    let counts = behind(mark, &printed);
    if counts.is_empty() {
        return Err(TaskError::Unexpected {
            what: format!("tests that print `{mark}`"),
            detail: printed,
        });
    }
    println!("{}", serde_json::json!(counts));
    Ok(counts)
}

/// All counts behind the mark. The runner puts the test's name in front on the same line.
pub(super) fn behind(mark: &str, printed: &str) -> Counts {
    printed
        .lines()
        .filter_map(|line| line.split_once(mark))
        .filter_map(|(_, counts)| serde_json::from_str::<Counts>(counts).ok())
        .flatten()
        .collect()
}
