//! Counts that a test prints as one line of JSON behind a mark, for the proof that runs it.

use super::Counts;

#[cfg(test)]
mod tests;

/// All counts behind the mark. The runner puts the test's name in front on the same line.
pub(super) fn behind(mark: &str, printed: &str) -> Counts {
    printed
        .lines()
        .filter_map(|line| line.split_once(mark))
        .filter_map(|(_, counts)| serde_json::from_str::<Counts>(counts).ok())
        .flatten()
        .collect()
}
