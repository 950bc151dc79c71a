//! Which keys there are, who holds them and what hangs on each; and so whether one may be activated or
//! retired.

use crate::UseCaseError;
use domain::ids::ProcessId;
use domain::key_ring::{KeyKind, RingKey, active_key_id};
use domain::ports::{Clock, ProcessRegistry, ReadModel, RegisteredProcess};
use std::collections::BTreeMap;
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// One key of the ring, and its place in the world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyStatus {
    /// The key.
    pub key: RingKey,
    /// How many records hang on it.
    pub records: i64,
    /// Living processes that hold it.
    pub held_by: Vec<ProcessId>,
    /// Living processes that use it for everything new.
    pub active_in: Vec<ProcessId>,
}

/// Records that hang on a key which is not in the ring: nobody can read or check them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingKey {
    /// The key's id.
    pub id: String,
    /// What it is for.
    pub kind: KeyKind,
    /// How many records hang on it.
    pub records: i64,
}

/// All keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeysStatus {
    /// Those of the ring, by kind, the active one of each first.
    pub keys: Vec<KeyStatus>,
    /// Those that the ring should have.
    pub missing: Vec<MissingKey>,
    /// The processes that are alive.
    pub processes: Vec<ProcessId>,
}

/// Why a key may not be activated or retired now, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyRefusal {
    /// No key of that id.
    #[error("there is no key `{id}` in the ring: `windlass keys status` lists all")]
    NoSuchKey {
        /// The id.
        id: String,
    },
    /// Some process would not be able to read what the others write under it.
    #[error(
        "`{id}` is not yet held by {}: put the changed key ring on their machines; a process takes it up \
         within seconds, and `windlass keys status` shows who holds it",
        named(processes)
    )]
    NotHeldByAll {
        /// The id.
        id: String,
        /// Living processes without it.
        processes: Vec<ProcessId>,
    },
    /// It is used for everything new.
    #[error(
        "`{id}` is active: run `windlass keys add --kind {kind}`, activate the new key, and retire this \
         one then", kind = kind.as_str()
    )]
    IsActive {
        /// The id.
        id: String,
        /// What it is for.
        kind: KeyKind,
    },
    /// Some process still uses it for everything new.
    #[error(
        "`{id}` is still what {} use for everything new: put the changed key ring on their machines and \
         wait some seconds",
        named(processes)
    )]
    IsActiveElsewhere {
        /// The id.
        id: String,
        /// Living processes that do.
        processes: Vec<ProcessId>,
    },
    /// Without it they could not be read or checked any more.
    #[error("{records} {} hang on `{id}`: {}", kind.dependents(), way_out(*kind))]
    InUse {
        /// The id.
        id: String,
        /// What it is for.
        kind: KeyKind,
        /// How many.
        records: i64,
    },
}

/// Puts together what ring, store and processes say.
#[derive(Clone)]
pub struct ReadKeysStatus {
    /// What hangs on each key.
    pub read_model: Arc<dyn ReadModel>,
    /// Who holds which.
    pub processes: Arc<dyn ProcessRegistry>,
    /// Tells live tokens from expired ones.
    pub clock: Arc<dyn Clock>,
}

impl ReadKeysStatus {
    /// The status of the keys of this ring. For who has a shell on the machine; there is no permission.
    #[tracing::instrument(name = "usecase.keys.read_keys_status", skip_all)]
    pub async fn run(&self, ring: &[RingKey]) -> Result<KeysStatus, UseCaseError> {
        let processes = self.processes.list_living().await?;
        let mut keys = Vec::new();
        let mut missing = Vec::new();
        for kind in KeyKind::ALL {
            let mut records = self.count(kind).await?;
            for key in ring.iter().filter(|key| key.kind == kind) {
                let count = records.remove(&key.id).unwrap_or_default();
                keys.push(status_of(key, count, &processes));
            }
            let others = records.into_iter().filter(|(_, count)| *count > 0);
            missing.extend(others.map(|(id, records)| MissingKey { id, kind, records }));
        }
        Ok(KeysStatus {
            keys,
            missing,
            processes: processes.iter().map(|process| process.id).collect(),
        })
    }

    async fn count(&self, kind: KeyKind) -> Result<BTreeMap<String, i64>, UseCaseError> {
        let counts = match kind {
            KeyKind::Master => self.read_model.count_keys_by_master_key().await?,
            KeyKind::Pepper => {
                let now = self.clock.now();
                self.read_model.count_hashes_by_pepper(now).await?
            }
            KeyKind::Audit => self.read_model.count_audit_lines_by_key().await?,
        };
        Ok(counts.into_iter().collect())
    }
}

fn status_of(key: &RingKey, records: i64, processes: &[RegisteredProcess]) -> KeyStatus {
    let that = |does: &dyn Fn(&RegisteredProcess) -> bool| {
        let those = processes.iter().filter(|process| does(process));
        those.map(|process| process.id).collect()
    };
    KeyStatus {
        key: key.clone(),
        records,
        held_by: that(&|process| process.key_ids.contains(&key.id)),
        active_in: that(&|process| {
            active_key_id(&process.key_ids, key.kind) == Some(key.id.as_str())
        }),
    }
}

impl KeysStatus {
    /// Whether the key may become the active one: every living process holds it.
    pub fn demand_may_activate(&self, id: &str) -> Result<(), KeyRefusal> {
        let status = self.find(id)?;
        let without = self
            .processes
            .iter()
            .filter(|process| !status.held_by.contains(process));
        let processes: Vec<_> = without.copied().collect();
        if processes.is_empty() {
            Ok(())
        } else {
            Err(KeyRefusal::NotHeldByAll {
                id: id.to_owned(),
                processes,
            })
        }
    }

    /// Whether the key may leave the ring: nobody uses it for anything new and nothing hangs on it.
    pub fn demand_may_retire(&self, id: &str) -> Result<(), KeyRefusal> {
        let status = self.find(id)?;
        let (id, kind) = (id.to_owned(), status.key.kind);
        if status.key.is_active {
            return Err(KeyRefusal::IsActive { id, kind });
        }
        if !status.active_in.is_empty() {
            let processes = status.active_in.clone();
            return Err(KeyRefusal::IsActiveElsewhere { id, processes });
        }
        if status.records > 0 {
            let records = status.records;
            return Err(KeyRefusal::InUse { id, kind, records });
        }
        Ok(())
    }

    fn find(&self, id: &str) -> Result<&KeyStatus, KeyRefusal> {
        let found = self.keys.iter().find(|status| status.key.id == id);
        found.ok_or_else(|| KeyRefusal::NoSuchKey { id: id.to_owned() })
    }
}

fn named(processes: &[ProcessId]) -> String {
    let names: Vec<_> = processes.iter().map(ToString::to_string).collect();
    names.join(", ")
}

fn way_out(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Master => {
            "running processes wrap them anew within seconds of the activation; start one if none runs, \
             and look for errors in its log"
        }
        KeyKind::Pepper => "wait until they have expired or been revoked",
        KeyKind::Audit => {
            "they are never sealed anew, so the key has to stay for as long as they are to be checked"
        }
    }
}
