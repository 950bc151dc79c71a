//! `cargo xtask layers`: which crate may use which. Cargo forbids circles; this forbids wrong edges.

mod graph;
mod rules;
mod table;

use crate::task_error::TaskError;
use crate::workspace;
use graph::CrateGraph;

pub(crate) fn run() -> Result<(), TaskError> {
    let graph = CrateGraph::of_workspace(&workspace::metadata_of_members()?);
    TaskError::from_findings("layers", rules::findings(&graph))
}
