//! What a ciphertext is bound to. Every part is preceded by its length, so that no two different
//! lists of parts ever give the same bytes.

use domain::planted::{self, Fault};
use domain::ports::SealContext;
use domain::sealed::KeyOwner;

const OWNER_KEY: &[u8] = b"windlass/owner-key/v1";
const RECORD_KEY: &[u8] = b"windlass/record-key/v1";
const RECORD: &[u8] = b"windlass/record/v1";

/// The key of a team or a person, wrapped under one master key.
pub(crate) fn of_owner_key(owner: KeyOwner, master_key_id: &str) -> Vec<u8> {
    joined(&[
        OWNER_KEY,
        master_key_id.as_bytes(),
        owner.kind().as_bytes(),
        owner.as_uuid().as_bytes(),
    ])
}

/// A record key wrapped under its owner's key.
pub(crate) fn of_record_key(context: &SealContext) -> Vec<u8> {
    of_place(RECORD_KEY, context)
}

/// The content of a record.
pub(crate) fn of_record(context: &SealContext) -> Vec<u8> {
    of_place(RECORD, context)
}

fn of_place(purpose: &[u8], context: &SealContext) -> Vec<u8> {
    if planted::is_on(Fault::AssociatedDataDropped) {
        return Vec::new();
    }
    joined(&[
        purpose,
        context.table.as_bytes(),
        context.column.as_bytes(),
        context.row.as_bytes(),
        context.owner.kind().as_bytes(),
        context.owner.as_uuid().as_bytes(),
    ])
}

/// The parts, each behind its length.
pub(crate) fn joined(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}
