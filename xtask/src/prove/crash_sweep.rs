//! Every moment of every step of every kind of job, forward and back, on both databases: the process is
//! killed there, started again, and judged by the platform's own books; on PostgreSQL it is frozen there, too,
//! while another one takes over. The end-to-end tests do it; this tells them to leave nothing out and keeps how
//! many there were.

use super::evidence::Shard;
use super::{Counts, printed_counts};
use crate::external;
use crate::task_error::TaskError;
use crate::throwaway_servers;

pub(super) const COMMAND: &str = "cargo test -p server --test it crash_sweep::";
/// The tests print their counts as JSON behind this, once for each database and once for frozen workers.
const MARK: &str = "crash-sweep-counts: ";
/// Tells the tests which part of the kinds to do.
const PART: &str = "WINDLASS_CRASH_SWEEP";

pub(super) fn sweep(shard: Shard) -> Result<Counts, TaskError> {
    throwaway_servers::ensure_installed()?;
    let mut arguments: Vec<&str> = COMMAND.split(' ').skip(1).collect();
    arguments.extend(["--", "--nocapture", "--test-threads", "1"]);
    let mut command = external::cargo(&arguments);
    command.env(PART, format!("{}/{}", shard.number, shard.of));
    let counts = printed_counts::of(&mut command, MARK)?;
    for part in ["sqlite", "postgres", "frozen"] {
        if !counts.contains_key(&format!("{part}_cells")) {
            return Err(TaskError::Unexpected {
                what: format!("the sweep: {part}"),
                detail: serde_json::json!(counts).to_string(),
            });
        }
    }
    Ok(counts)
}
