//! Wraps the keys of teams and people anew under the active master key, so that the one before can be
//! retired.

use crate::UseCaseError;
use domain::access::Principal;
use domain::audit::{AuditEvent, AuditOutcome};
use domain::error_code::ErrorCode;
use domain::key_ring::{KeyKind, active_key_id};
use domain::ports::{
    CommitError, IdSource, ProcessRegistry, ReadModel, SecretVault, Transaction, UnitOfWork,
    WritePriority, new_id,
};
use domain::sealed::{KeyOwner, WrappedKey};
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Keys in one transaction: some milliseconds of the one writer that an embedded database has.
const BATCH: u32 = 100;

/// What a run came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RewrapOutcome {
    /// Every key that can be opened is under the active master key.
    Done(RewrapCounts),
    /// So many living processes use another master key for what is new; nothing was done. They would
    /// wrap under theirs what this one wraps under its own.
    Disagreement(usize),
}

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RewrapCounts {
    /// Keys that this run wrapped anew.
    pub rewrapped: u64,
    /// Keys that no master key of the ring opens: one that they need is missing from it.
    pub unreadable: u64,
}

/// Wraps keys anew. Every process runs it, several at once and again after a crash: each key is
/// replaced only while it is still what was read, and every batch is committed for itself.
#[derive(Clone)]
pub struct RewrapKeys {
    /// Writes.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// Whether there is anything to do.
    pub read_model: Arc<dyn ReadModel>,
    /// Which master keys the others use.
    pub processes: Arc<dyn ProcessRegistry>,
    /// Opens and wraps.
    pub vault: Arc<dyn SecretVault>,
    /// Makes ids.
    pub ids: Arc<dyn IdSource>,
}

/// One batch.
struct Batch {
    counts: RewrapCounts,
    /// Where the next one begins; `None` after the last.
    next_after: Option<KeyOwner>,
}

impl RewrapKeys {
    /// Goes on until nothing is left. When it fails, what was committed stays and the next run does the
    /// rest. A run that changes something has a line in the trail of the system, written together with
    /// its first change.
    #[tracing::instrument(name = "usecase.keys.rewrap_keys", level = "debug", skip_all)]
    pub async fn run(&self) -> Result<RewrapOutcome, UseCaseError> {
        let master_key_id = self.vault.active_master_key_id();
        if self.is_nothing_left(&master_key_id).await? {
            return Ok(RewrapOutcome::Done(RewrapCounts::default()));
        }
        let others = self
            .count_processes_with_another_key(&master_key_id)
            .await?;
        if others > 0 {
            return Ok(RewrapOutcome::Disagreement(others));
        }
        let mut total = RewrapCounts::default();
        loop {
            let pass = self.pass(&master_key_id, total.rewrapped == 0).await?;
            total.rewrapped += pass.rewrapped;
            total.unreadable = pass.unreadable;
            // Behind a pass a slower process may have stored another one.
            if pass.rewrapped == 0 {
                return Ok(RewrapOutcome::Done(total));
            }
        }
    }

    /// A read: it is asked again and again while there is nothing to do, and must keep no writer busy.
    async fn is_nothing_left(&self, master_key_id: &str) -> Result<bool, UseCaseError> {
        let counts = self.read_model.count_keys_by_master_key().await?;
        Ok(counts
            .iter()
            .all(|(id, count)| id == master_key_id || *count == 0))
    }

    async fn count_processes_with_another_key(
        &self,
        master_key_id: &str,
    ) -> Result<usize, UseCaseError> {
        let living = self.processes.list_living().await?;
        let others = living.iter().filter(|process| {
            active_key_id(&process.key_ids, KeyKind::Master) != Some(master_key_id)
        });
        Ok(others.count())
    }

    /// All owners once, in their order.
    async fn pass(
        &self,
        master_key_id: &str,
        is_first: bool,
    ) -> Result<RewrapCounts, UseCaseError> {
        let mut counts = RewrapCounts::default();
        let mut after = None;
        loop {
            let is_unaudited = is_first && counts.rewrapped == 0;
            let batch = self.batch(master_key_id, after, is_unaudited).await?;
            counts.rewrapped += batch.counts.rewrapped;
            counts.unreadable += batch.counts.unreadable;
            after = batch.next_after;
            if after.is_none() {
                return Ok(counts);
            }
        }
    }

    async fn batch(
        &self,
        master_key_id: &str,
        after: Option<KeyOwner>,
        is_unaudited: bool,
    ) -> Result<Batch, UseCaseError> {
        let mut transaction = self.unit_of_work.begin(WritePriority::Interactive).await?;
        let keys = transaction
            .keys()
            .list_keys_not_under(master_key_id, after, BATCH)
            .await?;
        let next_after = keys.last().map(|(owner, _)| *owner);
        let mut counts = RewrapCounts::default();
        for (owner, key) in &keys {
            match self.rewrap(transaction.as_mut(), *owner, key).await? {
                Some(is_mine) => counts.rewrapped += u64::from(is_mine),
                None => counts.unreadable += 1,
            }
        }
        if counts.rewrapped > 0 {
            if is_unaudited {
                let event = self.event(master_key_id);
                transaction.audit().append_audit_event(&event).await?;
            }
            transaction.commit().await.map_err(not_committed)?;
        }
        Ok(Batch { counts, next_after })
    }

    /// Whether this run wrapped the key anew, and not somebody else meanwhile; `None` when it cannot be
    /// opened.
    async fn rewrap(
        &self,
        transaction: &mut dyn Transaction,
        owner: KeyOwner,
        key: &WrappedKey,
    ) -> Result<Option<bool>, UseCaseError> {
        match self.vault.rewrap(key, owner) {
            Ok(Some(rewrapped)) => {
                let keys = transaction.keys();
                let is_mine = keys.replace_wrapped_key(owner, key, &rewrapped).await?;
                Ok(Some(is_mine))
            }
            // The ring was exchanged since the run began; the next run has the other key's id.
            Ok(None) => Ok(Some(false)),
            Err(_) => Ok(None),
        }
    }

    fn event(&self, master_key_id: &str) -> AuditEvent {
        AuditEvent {
            id: new_id(self.ids.as_ref()),
            team_id: None,
            principal: Principal::System,
            credential: None,
            action: "keys.rewrap".to_owned(),
            target: master_key_id.to_owned(),
            outcome: AuditOutcome::Accepted,
            detail: None,
            request_id: None,
            client_address: None,
            user_agent: None,
        }
    }
}

/// Whether a batch is stored need not be known: the next run looks.
fn not_committed(error: CommitError) -> UseCaseError {
    match error {
        CommitError::RolledBack(error) => error.into(),
        CommitError::OutcomeUnknown(cause) => UseCaseError::new(
            ErrorCode::OutcomeUnknown,
            "the store lost the answer; the next run goes on where this one stopped",
        )
        .caused_by(cause),
    }
}
