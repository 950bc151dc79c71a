//! Everything that the description of the API allows and forbids, asked by a program that knows nothing else. An
//! end-to-end test does it on both databases; this tells it to leave nothing out.

use super::{Counts, printed_counts};
use crate::external;
use crate::task_error::TaskError;
use crate::{contract_tester, throwaway_servers};

pub(super) const COMMAND: &str = "cargo test --workspace --test it contract::";
/// The test prints its counts as JSON behind this, once for each database.
const MARK: &str = "contract-counts: ";
/// Tells the test how many requests to make up for each operation.
const WHOLE: (&str, &str) = ("WINDLASS_CONTRACT_EXAMPLES", "60");

pub(super) fn ask() -> Result<Counts, TaskError> {
    throwaway_servers::ensure_installed()?;
    let mut arguments: Vec<&str> = COMMAND.split(' ').skip(1).collect();
    arguments.extend(["--", "--nocapture", "--test-threads", "1"]);
    let mut command = external::cargo(&arguments);
    contract_tester::install_for(&mut command)?;
    command.envs([WHOLE]);
    printed_counts::of(&mut command, MARK)
}
