//! A sum over the ends of all trails, for a place that who changes the database cannot reach: the log.

use domain::audit::AuditSeal;
use domain::ids::EntityId as _;
use domain::limits::PAGE_SIZE_MAX;
use domain::page::PageRequest;
use domain::ports::{AuditSealer, AuditTrailHead, ReadModel, StoreError};
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// The state of all trails at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditCheckpoint {
    /// How many trails there are. It never falls.
    pub trails: u64,
    /// How many lines were written into all of them. It never falls.
    pub lines: i64,
    /// A keyed hash over all ends: the same ends give the same one under the same key.
    pub seal: AuditSeal,
}

/// Sums up the audit trails.
#[derive(Clone)]
pub struct CheckpointAuditTrails {
    /// The ends of the chains.
    pub read_model: Arc<dyn ReadModel>,
    /// The audit keys.
    pub sealer: Arc<dyn AuditSealer>,
}

impl CheckpointAuditTrails {
    /// Reads the ends of all trails; nothing is written.
    #[tracing::instrument(
        name = "usecase.audit.checkpoint_audit_trails",
        level = "debug",
        skip_all
    )]
    pub async fn run(&self) -> Result<AuditCheckpoint, StoreError> {
        let mut checkpoint = AuditCheckpoint {
            trails: 0,
            lines: 0,
            seal: self.sealer.seal(&[], b"windlass/audit-checkpoint/v1"),
        };
        let mut after = None;
        loop {
            let page = PageRequest::new(PAGE_SIZE_MAX, after);
            let heads = self.read_model.list_audit_trails(page).await?;
            for head in &heads.items {
                checkpoint.trails += 1;
                checkpoint.lines += head.last_sequence;
                checkpoint.seal = self.sealer.seal(&checkpoint.seal.mac, &bytes_of(head));
            }
            after = heads.next_after;
            if after.is_none() {
                return Ok(checkpoint);
            }
        }
    }
}

fn bytes_of(head: &AuditTrailHead) -> Vec<u8> {
    let mut bytes = vec![u8::from(head.team_id.is_some())];
    if let Some(team) = head.team_id {
        bytes.extend_from_slice(team.as_uuid().as_bytes());
    }
    bytes.extend_from_slice(&head.last_sequence.to_be_bytes());
    bytes.extend_from_slice(&head.last_mac);
    bytes
}
