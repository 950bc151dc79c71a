//! Starting, stopping and putting to sleep.

use super::step::{Steps, Undo, WorkflowStep};
use super::steps::{Power, Reach, RecordProjection};
use domain::job::JobKind;

/// The way back would be one more interruption of the site, and nobody asked for it.
const STAYS: &str = "what was asked for is there; going back would interrupt the site once more";

pub(super) fn of(kind: JobKind) -> Steps {
    let (name, power) = match kind {
        JobKind::EnvironmentStop => ("stop_environment", Power::Stopped),
        JobKind::EnvironmentSleep => ("put_to_sleep", Power::Sleeping),
        _ => ("start_environment", Power::Running),
    };
    Steps(vec![
        WorkflowStep::mutate(name, Reach(power), Undo::Pivot(STAYS)),
        WorkflowStep::read("record_projection", RecordProjection),
    ])
}
