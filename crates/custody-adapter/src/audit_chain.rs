//! Seals of the audit trail: each line is hashed together with the seal of the line before, under the
//! audit keys of the ring. It knows no trail.

use crate::associated_data::joined;
use crate::keyed_hash::{self, AUDIT_LINE};
use crate::live_key_ring::LiveKeyRing;
use domain::audit::AuditSeal;
use domain::ports::AuditSealer;
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Seals lines under the active audit key and knows the seals of all of them.
pub struct AuditChain {
    ring: Arc<LiveKeyRing>,
}

impl AuditChain {
    /// A chain under the ring's audit keys.
    pub fn new(ring: Arc<LiveKeyRing>) -> Self {
        Self { ring }
    }
}

impl AuditSealer for AuditChain {
    fn seal(&self, previous: &[u8], line: &[u8]) -> AuditSeal {
        let ring = self.ring.current();
        let (key_id, key) = ring.active_audit_key();
        let link = link_of(key_id, previous, line);
        AuditSeal {
            key_id: key_id.to_owned(),
            mac: keyed_hash::keyed_hash(key, AUDIT_LINE, &link),
        }
    }

    fn is_right(&self, previous: &[u8], line: &[u8], seal: &AuditSeal) -> bool {
        let ring = self.ring.current();
        ring.audit_key(&seal.key_id).is_some_and(|key| {
            let link = link_of(&seal.key_id, previous, line);
            keyed_hash::is_keyed_hash(key, AUDIT_LINE, &link, &seal.mac)
        })
    }
}

fn link_of(key_id: &str, previous: &[u8], line: &[u8]) -> Vec<u8> {
    joined(&[key_id.as_bytes(), previous, line])
}
