//! Use cases about environments.

mod get;
mod list;
mod provision;

pub use get::GetEnvironment;
pub use list::ListEnvironments;
pub use provision::{ProvisionEnvironment, ProvisionEnvironmentCommand};
