//! Looks into the memory of a running server for platform secrets. The end-to-end test does it; this gives
//! it the release build, in which compilers keep other copies than in the one for tests.

use super::{Counts, printed_counts};
use crate::external;
use crate::task_error::TaskError;
use crate::throwaway_servers;
use crate::workspace;

pub(super) const COMMAND: &str = "cargo test -p server --test it memory::";
/// The test prints its counts as JSON behind this, once for each way to run the server.
const MARK: &str = "memory-scan-counts: ";

pub(super) fn look() -> Result<Counts, TaskError> {
    throwaway_servers::ensure_installed()?;
    let build = ["build", "--release", "-p", "server"];
    external::run(&mut external::cargo(&build))?;
    let mut arguments: Vec<&str> = COMMAND.split(' ').skip(1).collect();
    arguments.extend(["--", "--nocapture", "--test-threads", "1"]);
    let mut command = external::cargo(&arguments);
    let program = workspace::target_folder()?.join("release/windlass");
    command.env("WINDLASS_TEST_PROGRAM", program);
    let printed = external::output_of(&mut command)?;
    let counts = printed_counts::behind(MARK, &printed);
    if counts.is_empty() {
        return Err(TaskError::Unexpected {
            what: "the test of memory".to_owned(),
            detail: printed,
        });
    }
    println!("{}", serde_json::json!(counts));
    Ok(counts)
}
