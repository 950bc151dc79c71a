//! The contracts of the store's ports on both databases, and what only one of them can show.

mod audit;
mod migrations;
mod postgres;
mod sqlite;
mod upgrading;

use domain::ports::AuditSealer;
use std::sync::Arc;
use testkit::seals::KeylessSealer;

fn sealer() -> Arc<dyn AuditSealer> {
    Arc::new(KeylessSealer)
}
