//! How many jobs a second each store gets through, beside what the same server and disk do bare. The test that
//! measures asserts no time; the bounds are here. Figures that miss one are written down all the same, and the
//! command fails.

use super::{Counts, printed_counts};
use crate::external;
use crate::task_error::TaskError;
use crate::throwaway_servers;

#[cfg(test)]
mod tests;

pub(super) const COMMAND: &str =
    "cargo test --release -p persistence-adapter --test it throughput::";
/// The tests print their figures as JSON behind this.
const MARK: &str = "throughput-counts: ";
const JOBS: &str = "WINDLASS_THROUGHPUT_JOBS";

/// What is promised, on two cores.
const AT_LEAST: [(&str, u64); 4] = [
    ("sqlite_grouped_jobs_per_second", 2_000),
    ("sqlite_single_jobs_per_second", 500),
    ("postgres_grouped_jobs_per_second", 1_500),
    ("postgres_single_jobs_per_second", 400),
];
const AT_MOST: [(&str, u64); 3] = [
    ("sqlite_start_p99_microseconds", 5_000),
    ("postgres_start_p99_microseconds", 5_000),
    ("postgres_scans_of_jobs_with_many", 0),
];
/// A claim beside a million finished jobs may take this much of one beside a thousand, in percent.
const CLAIM_COST_MAX_PERCENT: u64 = 125;

pub(super) fn measure() -> Result<Counts, TaskError> {
    throwaway_servers::ensure_installed()?;
    let mut arguments: Vec<&str> = COMMAND.split(' ').skip(1).collect();
    arguments.extend(["--", "--nocapture", "--test-threads", "1"]);
    let mut command = external::cargo(&arguments);
    command.env(JOBS, "8000");
    println!("measuring takes some minutes, and wants the machine for itself");
    printed_counts::of(&mut command, MARK)
}

/// The promises that the figures do not keep.
pub(super) fn missed(counts: &Counts) -> Vec<String> {
    let figure = |name: &str| counts.get(name).and_then(serde_json::Value::as_u64);
    let mut missed = Vec::new();
    let mut demand = |name: &str, is_kept: Option<bool>, bound: String| {
        if is_kept != Some(true) {
            let found = figure(name).map_or_else(|| "nothing".to_owned(), |it| it.to_string());
            missed.push(format!("{name} is {found}, and has to be {bound}"));
        }
    };
    for (name, least) in AT_LEAST {
        let is_kept = figure(name).map(|it| it >= least);
        demand(name, is_kept, format!("{least} or more"));
    }
    for (name, most) in AT_MOST {
        let is_kept = figure(name).map(|it| it <= most);
        demand(name, is_kept, format!("{most} or less"));
    }
    for database in ["sqlite", "postgres"] {
        let few = figure(&format!("{database}_claim_with_few_microseconds"));
        let name = format!("{database}_claim_with_many_microseconds");
        let most = few.map_or(0, |few| few * CLAIM_COST_MAX_PERCENT / 100);
        let is_kept = figure(&name).map(|it| it <= most);
        demand(&name, is_kept, format!("{most} or less"));
    }
    missed
}
