//! A hundred thousand hostile texts through real shells, and what is left of them in the program that
//! they are meant for. The test of the adapter does it; this tells it how many.

use super::Counts;
use super::evidence::Shard;
use crate::external;
use crate::task_error::TaskError;
use crate::throwaway_servers;

#[cfg(test)]
mod tests;

pub(super) const COMMAND: &str = "cargo test -p virtuozzo-adapter --test it hostile_texts";
const TEXTS: u32 = 100_000;
/// The test prints its counts as JSON behind this.
const MARK: &str = "quoting-counts: ";

pub(super) fn count(shard: Shard) -> Result<Counts, TaskError> {
    throwaway_servers::ensure_installed()?;
    let mut arguments: Vec<&str> = COMMAND.split(' ').skip(1).collect();
    arguments.extend(["--", "--nocapture"]);
    let mut command = external::cargo(&arguments);
    // A part of the work has texts of its own.
    command
        .env(
            "WINDLASS_QUOTING_TEXTS",
            TEXTS.div_ceil(shard.of).to_string(),
        )
        .env("WINDLASS_QUOTING_SEED", shard.number.to_string());
    let printed = external::output_of(&mut command)?;
    let counts = counts_in(&printed).ok_or_else(|| TaskError::Unexpected {
        what: "the test of quoting".to_owned(),
        detail: printed.clone(),
    })?;
    println!("{}", serde_json::json!(counts));
    Ok(counts)
}

/// The counts in what the test printed.
fn counts_in(printed: &str) -> Option<Counts> {
    let (_, counts) = printed.lines().find_map(|line| line.split_once(MARK))?;
    serde_json::from_str(counts).ok()
}
