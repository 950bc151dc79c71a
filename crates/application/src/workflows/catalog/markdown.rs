//! The chapter of `docs/jobs.md` that shows every kind with its steps. Prints what the catalog describes
//! and knows no kind by name.

use super::{StepDescription, UndoDescription, WorkflowCatalog, WorkflowDescription};
use std::fmt::Write as _;

#[cfg(test)]
mod tests;

/// Every kind in the order of [`domain::job::JobKind::ALL`]: version, turns, places, steps with class of proof and
/// undo.
pub fn kinds_markdown() -> String {
    let kinds = WorkflowCatalog::descriptions();
    let chapters: Vec<String> = kinds.iter().map(chapter).collect();
    chapters.join("\n")
}

fn chapter(workflow: &WorkflowDescription) -> String {
    let (kind, version) = (workflow.kind.as_str(), workflow.kind.version());
    let (turns, pool) = (workflow.turns.join(", "), workflow.kind.pool().as_str());
    let notes = match workflow.notes {
        "" => String::new(),
        notes => format!(" {notes}"),
    };
    let mut text = format!(
        "### `{kind}` version {version}\n\nTurns: {turns}. Places: {pool}.{notes}\n\n\
         | step | does | class | undo |\n|---|---|---|---|\n"
    );
    for step in &workflow.steps {
        text.push_str(&row(step));
    }
    text
}

fn row(step: &StepDescription) -> String {
    let mut row = String::new();
    let class = step.proof.map_or("reads", super::ProofClass::as_str);
    let undo = match &step.undo {
        UndoDescription::Nothing => "–".to_owned(),
        UndoDescription::Written { does, proof } => format!("{does} ({})", proof.as_str()),
        UndoDescription::Covered(reason) => format!("covered: {reason}"),
        UndoDescription::NoWayBack(reason) => format!("no way back: {reason}"),
    };
    writeln!(
        row,
        "| `{}` | {} | {class} | {undo} |",
        step.shown_name, step.does
    )
    .expect("writing to a string cannot fail");
    row
}
