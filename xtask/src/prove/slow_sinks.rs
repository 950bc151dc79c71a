//! Whether a log that nobody reads, a collector that does not answer and scrapers that do not listen hold requests up,
//! and whether what is lost is counted. The end-to-end test does it.

use super::{Counts, printed_counts};
use crate::external;
use crate::task_error::TaskError;
use crate::throwaway_servers;

pub(super) const COMMAND: &str = "cargo test --workspace --test it slow_sinks::";
/// The test prints its figures as JSON behind this.
const MARK: &str = "slow-sinks-counts: ";
const REQUESTS: (&str, &str) = ("WINDLASS_SLOW_SINKS_REQUESTS", "300");
/// The ratio may be off by so many times what two that are alike differ by.
const NOISE_FLOORS: f64 = 3.0;

pub(super) fn measure() -> Result<Counts, TaskError> {
    throwaway_servers::ensure_installed()?;
    let mut arguments: Vec<&str> = COMMAND.split(' ').skip(1).collect();
    arguments.extend(["--", "--nocapture", "--test-threads", "1"]);
    let mut command = external::cargo(&arguments);
    command.env(REQUESTS.0, REQUESTS.1);
    printed_counts::of(&mut command, MARK)
}

/// Slower than the noise explains.
pub(super) fn missed(counts: &Counts) -> Vec<String> {
    let of = |name: &str| counts.get(name).and_then(serde_json::Value::as_f64);
    let (Some(ratio), Some(noise)) = (of("ratio_median_per_mille"), of("noise_median_per_mille"))
    else {
        return vec!["the figures are not whole".to_owned()];
    };
    let off = ratio - 1000.0;
    if off <= NOISE_FLOORS * noise.max(1.0) {
        return Vec::new();
    }
    vec![format!(
        "requests beside sinks that stand still take {off} per mille longer; the noise is {noise}"
    )]
}
