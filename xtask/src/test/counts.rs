//! How many tests passed, read from what nextest or cargo's own runner says at the end.

use std::fmt;

#[cfg(test)]
mod tests;

#[derive(Debug, Default, PartialEq, Eq, Clone, Copy)]
pub(super) struct Counts {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl Counts {
    /// Takes the counts out of a line that has some. Cargo's runner has one per test binary.
    pub(super) fn listen(&mut self, line: &str) {
        let is_summary = line.trim_start().starts_with("Summary [") && line.contains(" run: ");
        // Indented, it is the output of one failed test, which the summary counts.
        if !is_summary && !line.starts_with("test result: ") {
            return;
        }
        let counted = line.split(" run: ").last().unwrap_or(line);
        for (number, what) in pairs(counted) {
            match what {
                "passed" => self.passed += number,
                "failed" | "timed" | "exec" => self.failed += number,
                "skipped" | "ignored" | "filtered" => self.skipped += number,
                _ => {}
            }
        }
    }

    /// Whether no test was run at all.
    pub(super) fn is_empty(self) -> bool {
        self.passed + self.failed == 0
    }
}

/// A number and the word after it, wherever two such words stand together.
fn pairs(text: &str) -> impl Iterator<Item = (u64, &str)> {
    let words = || {
        text.split([' ', ',', ';', '.', '(', ')'])
            .filter(|word| !word.is_empty())
    };
    words()
        .zip(words().skip(1))
        .filter_map(|(number, what)| Some((number.parse().ok()?, what)))
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            passed,
            failed,
            skipped,
        } = self;
        write!(
            formatter,
            "{passed} passed, {failed} failed, {skipped} skipped"
        )
    }
}
