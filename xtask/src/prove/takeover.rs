//! How long a job waits whose worker was killed, over many kills, on both databases. The end-to-end test kills
//! and measures.

use super::{Counts, printed_counts};
use crate::external;
use crate::task_error::TaskError;
use crate::throwaway_servers;

pub(super) const COMMAND: &str = "cargo test -p server --test it takeover::";
/// The test prints its figures as JSON behind this, once for each database.
const MARK: &str = "takeover-counts: ";
const KILLS: &str = "WINDLASS_TAKEOVER_KILLS";

pub(super) fn measure() -> Result<Counts, TaskError> {
    throwaway_servers::ensure_installed()?;
    let mut arguments: Vec<&str> = COMMAND.split(' ').skip(1).collect();
    arguments.extend(["--", "--nocapture", "--test-threads", "1"]);
    let mut command = external::cargo(&arguments);
    command.env(KILLS, "200");
    printed_counts::of(&mut command, MARK)
}
