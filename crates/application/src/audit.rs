//! Use cases about the audit trails: read one, check all, sum them up. Lines are written by the use
//! cases that they are about.

mod checkpoint;
mod list;
mod verify;

pub use checkpoint::{AuditCheckpoint, CheckpointAuditTrails};
pub use list::ListAuditEvents;
pub use verify::{TrailBreak, TrailFault, TrailReport, VerifyAuditTrails};
