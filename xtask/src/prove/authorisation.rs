//! Every operation, everybody who may call it, everything that a request may name, on both databases. The
//! end-to-end tests judge each cell; this keeps how many there were.

use super::{Counts, printed_counts};
use crate::external;
use crate::task_error::TaskError;
use crate::throwaway_servers;

pub(super) const COMMAND: &str = "cargo test --workspace --test it authorisation::";
/// The tests print their counts as JSON behind this, once for each database.
const MARK: &str = "authorisation-counts: ";
/// As many tests count.
const DATABASES: usize = 2;

pub(super) fn ask() -> Result<Counts, TaskError> {
    throwaway_servers::ensure_installed()?;
    let mut arguments: Vec<&str> = COMMAND.split(' ').skip(1).collect();
    arguments.extend(["--", "--nocapture", "--test-threads", "1"]);
    let printed = external::output_of(&mut external::cargo(&arguments))?;
    let counts = printed_counts::behind(MARK, &printed);
    if counts.len() != DATABASES {
        return Err(TaskError::Unexpected {
            what: "the tests of authorisation".to_owned(),
            detail: printed,
        });
    }
    println!("{}", serde_json::json!(counts));
    Ok(counts)
}
