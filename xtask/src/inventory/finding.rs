//! One thing that is wrong, and where.

use serde::Serialize;
use std::fmt;

/// The rule that was broken, by its short name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Rule {
    /// A file that cannot be read as what it is.
    Syntax,
    /// A field that is missing, unknown or of another kind.
    Field,
    /// A value that is none of those allowed.
    Value,
    /// The address of the documentation.
    Anchor,
    /// A call without a row, or an endpoint without a call.
    MissingRow,
    /// A row without a call.
    MissingCall,
    /// Two rows for one call.
    Doubled,
    /// No tests, or tests that are not there.
    MissingTest,
    /// Use cases that are not there, or there but not named.
    UseCase,
    /// What the guide lists and where.
    Guide,
}

impl Rule {
    fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Field => "field",
            Self::Value => "value",
            Self::Anchor => "anchor",
            Self::MissingRow => "missing-row",
            Self::MissingCall => "missing-call",
            Self::Doubled => "doubled",
            Self::MissingTest => "missing-test",
            Self::UseCase => "use-case",
            Self::Guide => "guide",
        }
    }

    /// Whether something that belongs to a row is not there.
    pub(super) fn is_about_absence(self) -> bool {
        matches!(
            self,
            Self::MissingRow | Self::MissingCall | Self::MissingTest
        )
    }
}

/// A broken rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Finding {
    /// From the repository's root.
    pub(super) path: String,
    /// From 1.
    pub(super) line: usize,
    pub(super) rule: Rule,
    pub(super) detail: String,
}

impl Finding {
    pub(super) fn new(path: &str, line: usize, rule: Rule, detail: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            rule,
            detail: detail.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            line,
            rule,
            detail,
        } = self;
        write!(formatter, "{path}:{line}: {detail} [{}]", rule.as_str())
    }
}
