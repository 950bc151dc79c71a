//! The platform's answers as they look on the wire. Tolerant: unknown members are ignored, absent
//! ones defaulted, numbers may be texts, lists may be objects. It must not know our words: `map`
//! translates. Structs that hold a secret have no `Debug`.

pub(crate) mod account;
pub(crate) mod command;
pub(crate) mod domains;
pub(crate) mod environment;
pub(crate) mod installation;
pub(crate) mod lenient;
pub(crate) mod list;
pub(crate) mod logs;
pub(crate) mod marketplace;
pub(crate) mod offer;
pub(crate) mod quota;
pub(crate) mod secret;
pub(crate) mod storage;
pub(crate) mod topology;
pub(crate) mod tracking;
pub(crate) mod usage;
pub(crate) mod variables;
pub(crate) mod weight;

use serde::de::DeserializeOwned;

/// An answer that says success but cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WireError {
    /// Not the JSON that was expected. The position only: the text may hold a secret.
    #[error("the answer has an unexpected shape at line {line}, column {column}")]
    Shape { line: usize, column: usize },
    /// It holds more than any honest answer does, so it is not even read.
    #[error("the answer holds too many values")]
    Excessive,
    /// A member is missing that nothing can be done without.
    #[error("the answer lacks `{0}`")]
    Missing(&'static str),
    /// The answer is about something else than what was asked for.
    #[error("the answer is about another environment")]
    OtherSubject,
}

/// Reads an answer. The recursion limit of the parser stays on.
pub(crate) fn read<Wire: DeserializeOwned>(body: &[u8]) -> Result<Wire, WireError> {
    if weight::is_excessive(body) {
        return Err(WireError::Excessive);
    }
    serde_json::from_slice(body).map_err(|error| WireError::Shape {
        line: error.line(),
        column: error.column(),
    })
}
