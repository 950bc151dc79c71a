//! Workflows: short lists of journaled steps, each with its class of proof and its undo, and the one
//! runner that carries them out so that nothing happens twice silently.

mod context;
mod doubt;
mod install_addon;
mod journal;
mod lease;
pub(crate) mod payloads;
mod plan;
mod provision_environment;
mod refusal;
mod runner;
#[cfg(test)]
mod scene;
mod settings;
mod step;
mod steps;

pub use context::JobContext;
pub use lease::{Lease, StopSignal};
pub use runner::{RunEnd, RunError, WorkflowRunner};
pub use settings::WorkflowSettings;
pub use step::{ProofClass, WorkflowCatalog, WorkflowDescription};
