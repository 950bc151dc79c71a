//! Databases that crash, networks that lose and hold bytes, workers that are killed and frozen, each for as
//! long as the promise says. The end-to-end tests do it and judge; this tells them to take their time.

use super::{Counts, printed_counts};
use crate::external;
use crate::task_error::TaskError;
use crate::throwaway_servers;

pub(super) const COMMAND: &str = "cargo test -p server --test it chaos::";
/// The tests print their counts as JSON behind this.
const MARK: &str = "chaos-counts: ";
const WHOLE: &str = "WINDLASS_CHAOS";

pub(super) fn disturb() -> Result<Counts, TaskError> {
    throwaway_servers::ensure_installed()?;
    let mut arguments: Vec<&str> = COMMAND.split(' ').skip(1).collect();
    arguments.extend(["--", "--nocapture", "--test-threads", "1"]);
    let mut command = external::cargo(&arguments);
    command.env(WHOLE, "yes");
    printed_counts::of(&mut command, MARK)
}
