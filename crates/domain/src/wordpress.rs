//! What is done inside a WordPress site. Texts of people become arguments of a command-line tool, so
//! they are refused where that tool would take them for something else.

use crate::limits;
use std::fmt;

mod replacement_counts;
#[cfg(test)]
mod tests;

pub use replacement_counts::{ReplacementCounts, ReplacementCountsError, TableReplacements};

/// Why a text cannot be an argument.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{rule}")]
pub struct ArgumentError {
    rule: &'static str,
}

impl ArgumentError {
    /// The rule that the text breaks.
    pub fn rule(&self) -> &'static str {
        self.rule
    }
}

/// A text that is searched for or put in place of one: never read as an option, whatever it holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ArgumentText(String);

impl ArgumentText {
    /// Parses the text; the error states the rule. The tool reads everything that starts with a
    /// hyphen as an option, wherever it stands, and knows no way to say otherwise.
    pub fn parse(text: &str) -> Result<Self, ArgumentError> {
        let refuse = |rule| Err(ArgumentError { rule });
        if text.len() > limits::SEARCH_REPLACE_TEXT_BYTES_MAX {
            return refuse("must be at most 1024 bytes");
        }
        if text.starts_with('-') {
            return refuse("must not start with a hyphen, which would make it an option");
        }
        if text.chars().any(char::is_control) {
            return refuse("must not hold control characters");
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ArgumentText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A search and replace through all tables of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchReplace {
    search: ArgumentText,
    replacement: ArgumentText,
}

impl SearchReplace {
    /// Puts both texts together. There must be something to search for, and it must not be what it
    /// is replaced by.
    pub fn new(search: ArgumentText, replacement: ArgumentText) -> Result<Self, ArgumentError> {
        if search.0.is_empty() {
            return Err(ArgumentError {
                rule: "must not be empty",
            });
        }
        if search == replacement {
            return Err(ArgumentError {
                rule: "must differ from its replacement",
            });
        }
        Ok(Self {
            search,
            replacement,
        })
    }

    /// What is searched for.
    pub fn search(&self) -> &ArgumentText {
        &self.search
    }

    /// What is put in its place.
    pub fn replacement(&self) -> &ArgumentText {
        &self.replacement
    }
}
