//! The edges of the house. Each port is a trait whose method docs are its contract; each contract
//! has one suite in `testkit` that every implementation passes.
//!
//! Ports that live long take `&self` and travel as `Arc<dyn Port>`; the stores of a transaction take
//! `&mut self`. With feature `mocks` every port has a generated `Mock…`.

mod clock;
mod coordination;
mod custody;
mod host_resolver;
mod hosting_platform;
mod job_queue;
mod mailer;
#[cfg(feature = "mocks")]
mod mocks;
mod observer;
mod platform_sessions;
mod process_registry;
mod rate_limiter;
mod read_model;
mod retention;
mod store_error;
mod store_figures;
mod stores;
mod unit_of_work;
mod webhook_queue;
mod webhook_sender;

pub use clock::*;
pub use coordination::*;
pub use custody::*;
pub use host_resolver::*;
pub use hosting_platform::*;
pub use job_queue::*;
pub use mailer::*;
#[cfg(feature = "mocks")]
pub use mocks::*;
pub use observer::*;
pub use platform_sessions::*;
pub use process_registry::*;
pub use rate_limiter::*;
pub use read_model::*;
pub use retention::*;
pub use store_error::*;
pub use store_figures::*;
pub use stores::*;
pub use unit_of_work::*;
pub use webhook_queue::*;
pub use webhook_sender::*;
