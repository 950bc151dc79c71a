//! Every state that the protocol of leases, fences and turns can come into, with all its guards and without each
//! one of them. The tests of the model search; this tells them to look further.

use super::{Counts, printed_counts};
use crate::external;
use crate::task_error::TaskError;

pub(super) const COMMAND: &str = "cargo test -p protocol-model";
/// The tests print their counts as JSON behind this.
const MARK: &str = "model-counts: ";
const WIDE: &str = "WINDLASS_MODEL_WIDE";

pub(super) fn explore() -> Result<Counts, TaskError> {
    let mut arguments: Vec<&str> = COMMAND.split(' ').skip(1).collect();
    arguments.extend(["--", "--nocapture", "--test-threads", "1"]);
    let mut command = external::cargo(&arguments);
    command.env(WIDE, "yes");
    printed_counts::of(&mut command, MARK)
}
