//! What the metrics say about calls to the platform against the simulator's own journal, after thousands of calls of
//! which some go wrong. The end-to-end test does it.

use super::{Counts, printed_counts};
use crate::external;
use crate::task_error::TaskError;
use crate::throwaway_servers;

pub(super) const COMMAND: &str = "cargo test --workspace --test it measuring::";
/// The test prints its figures as JSON behind this, once for each database.
const MARK: &str = "metrics-counts: ";
/// How many calls to the platform on each database, at least.
const CALLS: (&str, &str) = ("WINDLASS_MEASURED_CALLS", "5000");

pub(super) fn compare() -> Result<Counts, TaskError> {
    throwaway_servers::ensure_installed()?;
    let mut arguments: Vec<&str> = COMMAND.split(' ').skip(1).collect();
    arguments.extend(["--", "--nocapture", "--test-threads", "1"]);
    let mut command = external::cargo(&arguments);
    command.env(CALLS.0, CALLS.1);
    printed_counts::of(&mut command, MARK)
}
