//! The contracts of the store's ports on both databases, what only one of them can show, and how fast they are.

mod audit;
mod migrations;
mod postgres;
mod sqlite;
mod throughput;
mod upgrading;

use domain::ports::AuditSealer;
use std::sync::Arc;
use testkit::seals::KeylessSealer;

fn sealer() -> Arc<dyn AuditSealer> {
    Arc::new(KeylessSealer)
}
