//! Workflows: short lists of journaled steps, each with its class of proof and its undo, and the one
//! runner that carries them out so that nothing happens twice silently.

mod back_up_environment;
mod catalog;
mod change_environment;
mod clone_environment;
mod context;
mod delete_environment;
mod doubt;
mod install_addon;
pub(crate) mod journal;
mod lease;
mod mbadmin;
pub(crate) mod payloads;
pub(crate) mod plan;
mod provision_environment;
mod refusal;
mod rename_environment;
mod restart_environment;
mod run_script;
mod runner;
#[cfg(test)]
mod scene;
mod search_replace;
mod settings;
pub(crate) mod step;
pub(crate) mod steps;
mod switch_environment;
mod sync_team;

pub use catalog::{
    StepDescription, UndoDescription, WorkflowCatalog, WorkflowDescription, kinds_markdown,
};
pub use context::JobContext;
pub use lease::{Lease, StopSignal};
pub use runner::{RunEnd, RunError, WorkflowRunner};
pub use settings::{SyncSettings, WorkflowSettings};
pub use step::ProofClass;
