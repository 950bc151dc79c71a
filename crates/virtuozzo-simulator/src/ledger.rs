//! What really happened: effects in the order in which they were applied, and the interval
//! during which each mutating call was executing.
//!
//! It must not know what a client was told; the journal does.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

/// What an entry of the ledger changed.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    SignedIn,
    SignedOut,
    EnvironmentCreated,
    /// A creation that ended half built, with status 11.
    EnvironmentBroken,
    EnvironmentDeleted,
    EnvironmentStarted,
    EnvironmentStopped,
    DisplayNameSet,
    PackageInstalled,
    PackageUninstalled,
    AddonInstalled,
    AddonUninstalled,
    /// A command that a manifest would run; nothing ran. `detail` is its target and its text.
    CommandNoted,
    EnvironmentSlept,
    /// Of the clone; `detail` is its application id.
    EnvironmentCloned,
    /// From here on, effects on nodes name the layer or the node's id in `detail`.
    ServicesRestarted,
    NodesRestarted,
    /// `detail` names the new tag as well.
    ContainersRedeployed,
    /// `detail` is the node, then reserved and highest number of cloudlets.
    CloudletsSet,
    /// `detail` is the application id.
    TopologyChanged,
    /// `detail` is the group, or the first of them.
    GroupAttached,
    GroupDetached,
    GroupsSet,
    VariablesAdded,
    VariablesSet,
    VariablesRemoved,
    PasswordReset,
    /// `detail` ends with the path.
    MountAdded,
    MountRemoved,
    /// `detail` is the domain.
    DomainBound,
    DomainRemoved,
    /// Also when one of the commands failed.
    CommandsRun,
    /// `detail` is the token's id.
    TokenCreated,
    TokenDeleted,
    /// `detail` is the script's name.
    ScriptRun,
    /// `detail` is JSON: `action` and `params`, secrets masked.
    ActionExecuted,
}

/// One effect that was really applied.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct LedgerEntry {
    /// 1, 2, 3, … in the order of application.
    pub sequence: u64,
    pub effect: Effect,
    /// Environment name, when the effect concerns one.
    pub environment: Option<String>,
    /// Application id, unique name or display name, as the effect suggests.
    pub detail: Option<String>,
    pub uid: u64,
    /// Request unique key that the client sent along.
    pub ruk: Option<String>,
    /// Number of the journal entry of the call that caused it.
    pub call: u64,
    /// Start of execution, in milliseconds of the simulator's clock.
    pub started_at_ms: u64,
    /// End of execution, in milliseconds of the simulator's clock.
    pub ended_at_ms: u64,
}

/// The time during which one mutating call was executing, whatever came of it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct MutationInterval {
    /// Number of the journal entry of the call.
    pub call: u64,
    /// Last path segment in lower case, such as `createenvironment`.
    pub method: String,
    pub environment: Option<String>,
    pub uid: Option<u64>,
    pub ruk: Option<String>,
    pub started_at_ms: u64,
    /// Absent while it executes.
    pub ended_at_ms: Option<u64>,
    /// Position in the order of all starts and ends: exact where milliseconds are not.
    pub started_order: u64,
    pub ended_order: Option<u64>,
    /// Outer result code.
    pub result: Option<i64>,
    pub nested_result: Option<i64>,
}

impl MutationInterval {
    /// Whether both were executing at the same moment.
    pub fn overlaps(&self, other: &Self) -> bool {
        let starts_before_end = |first: &Self, second: &Self| {
            second
                .ended_order
                .is_none_or(|ended| first.started_order < ended)
        };
        starts_before_end(self, other) && starts_before_end(other, self)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Ledger {
    books: Mutex<Books>,
}

#[derive(Debug, Default)]
struct Books {
    effects: Vec<LedgerEntry>,
    mutations: Vec<MutationInterval>,
    order: u64,
}

impl Ledger {
    /// Enters an effect; `sequence` is assigned here.
    pub(crate) fn enter(&self, entry: LedgerEntry) {
        let mut books = self.books();
        let sequence = books.effects.len() as u64 + 1;
        books.effects.push(LedgerEntry { sequence, ..entry });
    }

    /// Opens an interval; `started_order` is assigned here. Returns its position.
    pub(crate) fn open_mutation(&self, interval: MutationInterval) -> usize {
        let mut books = self.books();
        books.order += 1;
        let started_order = books.order;
        books.mutations.push(MutationInterval {
            started_order,
            ..interval
        });
        books.mutations.len() - 1
    }

    pub(crate) fn close_mutation(
        &self,
        position: usize,
        ended_at_ms: u64,
        result: Option<i64>,
        nested_result: Option<i64>,
    ) {
        let mut books = self.books();
        books.order += 1;
        let ended_order = books.order;
        if let Some(interval) = books.mutations.get_mut(position) {
            interval.ended_at_ms = Some(ended_at_ms);
            interval.ended_order = Some(ended_order);
            interval.result = result;
            interval.nested_result = nested_result;
        }
    }

    pub(crate) fn effects(&self) -> Vec<LedgerEntry> {
        self.books().effects.clone()
    }

    pub(crate) fn mutations(&self) -> Vec<MutationInterval> {
        self.books().mutations.clone()
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
