//! From single measurements to figures.

use std::time::Duration;

/// The measurement below which this many percent of them are, in microseconds.
pub(super) fn percentile(measurements: &[Duration], percent: usize) -> u64 {
    let mut ordered = measurements.to_vec();
    ordered.sort();
    let index = (ordered.len() * percent).div_ceil(100).saturating_sub(1);
    ordered
        .get(index)
        .map_or(0, |it| u64::try_from(it.as_micros()).unwrap_or(u64::MAX))
}

/// How many there were in a second.
pub(super) fn per_second(count: u32, took: Duration) -> u64 {
    let microseconds = took.as_micros().max(1);
    u64::try_from(u128::from(count) * 1_000_000 / microseconds).unwrap_or(u64::MAX)
}
