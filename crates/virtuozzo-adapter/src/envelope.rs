//! The envelope of every answer. The platform answers HTTP 200 even for failures, and a script-backed
//! method wraps the real result in a second or third envelope: a call succeeded only when no level
//! says otherwise. It must not know what a code means.

use crate::wire::{self, WireError};

mod level;
#[cfg(test)]
mod tests;

use level::{Level, Member, ResultMember};

/// Where a failing result stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the outermost envelope.
    Outer,
    /// In an inner envelope or in the result of one node.
    Nested,
}

/// One result that is not zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// The code; `None` when the member is no number in any spelling.
    pub(crate) code: Option<i64>,
    /// Where it stood.
    pub(crate) place: Place,
    /// The `type` beside it, which marketplace answers use to tell a message from an error.
    pub(crate) kind: Option<String>,
}

/// What the levels of an answer say together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Envelope {
    /// Whether the outermost level has a result at all.
    pub(crate) has_result: bool,
    /// Every result that is not zero: outer, then inner, then those of nodes.
    pub(crate) failures: Vec<Failure>,
    /// The text of the deepest level that has one. Foreign and not redacted: never log it as it is.
    pub(crate) text: String,
    /// Whether the outermost level carries a payload of a script, which means that something ran.
    pub(crate) has_response: bool,
    /// Whether the outermost level carries results of nodes, which means that something ran.
    pub(crate) has_responses: bool,
    /// Every `type` of every level.
    pub(crate) kinds: Vec<String>,
}

impl Envelope {
    /// Reads the envelope of an answer.
    pub(crate) fn read(body: &[u8]) -> Result<Self, WireError> {
        match wire::read::<Member>(body)? {
            Member::Envelope(level) => Ok(Self::of(*level)),
            Member::Absent | Member::Other => Err(WireError::Missing("result")),
        }
    }

    fn of(outermost: Level) -> Self {
        let mut envelope = Self {
            has_result: outermost.result.is_some(),
            has_response: !matches!(outermost.response, Member::Absent),
            has_responses: outermost.has_responses,
            ..Self::default()
        };
        let mut of_nodes = Vec::new();
        let mut next = Some(outermost);
        let mut place = Place::Outer;
        while let Some(level) = next {
            if let Some(result) = level.result
                && result.is_failure()
            {
                let (code, kind) = (result.code(), level.kind.clone());
                envelope.failures.push(Failure { code, place, kind });
            }
            envelope.kinds.extend(level.kind);
            for text in [level.text, level.node_text].into_iter().flatten() {
                envelope.text = text;
            }
            of_nodes.extend(level.node_failure);
            place = Place::Nested;
            next = match level.response {
                Member::Envelope(inner) => Some(*inner),
                Member::Absent | Member::Other => None,
            };
        }
        let nested = |result: ResultMember| Failure {
            code: result.code(),
            place: Place::Nested,
            kind: None,
        };
        envelope.failures.extend(of_nodes.into_iter().map(nested));
        envelope
    }

    /// The result that decides: the first that is not zero.
    pub(crate) fn failure(&self) -> Option<&Failure> {
        self.failures.first()
    }

    /// The code of the outermost level, when that level failed and nothing says that anything ran.
    pub(crate) fn bare_outer_code(&self) -> Option<i64> {
        let failure = self.failure()?;
        let is_bare = failure.place == Place::Outer && !self.has_response && !self.has_responses;
        if is_bare { failure.code } else { None }
    }
}
