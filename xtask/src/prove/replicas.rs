//! Reads of what was just accepted, streams that are cut and clients that go away, often enough to count. The
//! end-to-end tests do it.

use super::{Counts, printed_counts};
use crate::external;
use crate::task_error::TaskError;
use crate::throwaway_servers;

pub(super) const COMMAND: &str = "cargo test --release -p server --test it replicas::";
/// The tests print their figures as JSON behind this, each once.
const MARK: &str = "replicas-counts: ";
/// How often each of them.
const TIMES: [(&str, &str); 3] = [
    ("WINDLASS_REPLICAS_CREATES", "10000"),
    ("WINDLASS_REPLICAS_CUTS", "1000"),
    ("WINDLASS_REPLICAS_MUTATIONS", "10000"),
];

pub(super) fn count() -> Result<Counts, TaskError> {
    throwaway_servers::ensure_installed()?;
    let mut arguments: Vec<&str> = COMMAND.split(' ').skip(1).collect();
    arguments.extend(["--", "--nocapture", "--test-threads", "1"]);
    let mut command = external::cargo(&arguments);
    command.envs(TIMES);
    printed_counts::of(&mut command, MARK)
}
