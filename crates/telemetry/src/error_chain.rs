//! Prints an error with everything that caused it. It knows no particular error type.

use std::error::Error;
use std::fmt;

#[cfg(test)]
mod tests;

/// Longest chain that is printed; a longer one is a cycle or of no use to a reader.
const LINKS_MAX: usize = 16;

/// Displays `error: its source: the source of that`, on one line. The text may hold foreign words:
/// pass it through [`crate::redact`] before it leaves the process. The log writer does so itself.
#[derive(Clone, Copy)]
pub struct ErrorChain<'error>(pub &'error (dyn Error + 'error));

impl fmt::Display for ErrorChain<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)?;
        let sources = std::iter::successors(self.0.source(), |error| (*error).source());
        for source in sources.take(LINKS_MAX - 1) {
            write!(formatter, ": {source}")?;
        }
        Ok(())
    }
}
