//! Every call as it was received, and what the client was told.
//!
//! It must not keep a secret: values of secret parameters become a mark and a fingerprint.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::answer::Answer;

mod masking;

pub(crate) use masking::Masking;

/// What became of the answer.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// The call is still open.
    Open,
    /// An answer was handed to the connection; the client may have left before.
    Answered,
    /// The connection was closed on purpose, without an answer.
    Closed,
}

/// One call.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct JournalEntry {
    /// 1, 2, 3, … in the order of arrival.
    pub call: u64,
    /// HTTP method.
    pub verb: String,
    /// Path as the client wrote it, without the query.
    pub path: String,
    /// Last path segment in lower case; empty for a path the platform does not have.
    pub method: String,
    /// Parameters by the names the client used, secrets masked.
    pub parameters: BTreeMap<String, String>,
    /// The header `traceparent`, if the client sent one.
    #[serde(default)]
    pub trace_parent: Option<String>,
    /// Environment the call names, if any.
    pub environment: Option<String>,
    /// Faults that were due for this call, by type name.
    pub faults: Vec<String>,
    pub delivery: Delivery,
    /// HTTP status of the answer.
    pub status: Option<u16>,
    /// Outer result code of the answer.
    pub result: Option<i64>,
    pub nested_result: Option<i64>,
    /// Arrival, in milliseconds of the simulator's clock.
    pub started_at_ms: u64,
    /// When the answer was ready or the connection closed.
    pub ended_at_ms: Option<u64>,
}

#[derive(Debug, Default)]
pub(crate) struct Journal {
    entries: Mutex<Vec<JournalEntry>>,
}

impl Journal {
    /// Enters a call; `call` is assigned here and returned.
    pub(crate) fn open(&self, entry: JournalEntry) -> u64 {
        let mut entries = self.entries();
        let call = entries.len() as u64 + 1;
        entries.push(JournalEntry { call, ..entry });
        call
    }

    /// Notes what the client was told; the first note stands.
    pub(crate) fn close(&self, call: u64, ended_at_ms: u64, answer: Option<&Answer>) {
        let mut entries = self.entries();
        let position = usize::try_from(call.saturating_sub(1)).unwrap_or(usize::MAX);
        let Some(entry) = entries.get_mut(position) else {
            return;
        };
        if entry.delivery != Delivery::Open {
            return;
        }
        entry.ended_at_ms = Some(ended_at_ms);
        entry.delivery = if answer.is_some() {
            Delivery::Answered
        } else {
            Delivery::Closed
        };
        if let Some(answer) = answer {
            entry.status = Some(answer.status().as_u16());
            entry.result = answer.result();
            entry.nested_result = answer.nested_result();
        }
    }

    pub(crate) fn entries_so_far(&self) -> Vec<JournalEntry> {
        self.entries().clone()
    }

    fn entries(&self) -> MutexGuard<'_, Vec<JournalEntry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
