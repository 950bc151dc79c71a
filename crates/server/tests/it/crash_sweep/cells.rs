//! The cells of the table: every moment of every step of a job, forward and back.

use super::reference::{Course, Reference};
use super::trouble::Death;
use crate::auditor::Allowance;
use application::workflows::{ProofClass, UndoDescription, WorkflowCatalog};

/// One way to be disturbed.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    /// `kind step direction moment`.
    pub(super) label: String,
    pub(super) is_undo: bool,
    pub(super) deaths: Vec<Death>,
    pub(super) allowance: Allowance,
}

/// The kinds of deaths at a step that changes something, when they come one by one.
const MOMENTS_OF_CHANGES: [&str; 5] = [
    "before-started",
    "after-started",
    "after-send",
    "after-answer",
    "after-journal",
];
const MOMENTS_OF_READS: [&str; 3] = ["before-started", "after-answer", "after-journal"];

/// All cells of a job.
pub(super) fn of(reference: &Reference) -> Vec<Cell> {
    let mut cells = of_course(&reference.forward, "forward");
    if let Some(undo) = &reference.undo {
        cells.extend(of_course(undo, "undo"));
    }
    cells
}

fn of_course(course: &Course, direction: &str) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut add = |label: String, deaths: Vec<Death>| {
        cells.push(Cell {
            allowance: allowance(&label),
            is_undo: direction == "undo",
            deaths,
            label,
        });
    };
    let marker = format!(" {direction} ");
    for point in course.points.iter().filter(|point| point.contains(&marker)) {
        add(point.clone(), vec![Death::At(point.clone())]);
    }
    let mutations = course.mutations(direction);
    for (step, (method, skip)) in mutations.into_iter().zip(&course.calls) {
        let (method, skip) = (method.clone(), *skip);
        add(
            format!("{step} after-send"),
            vec![Death::AfterSend { method, skip }],
        );
        // The process that finds out what became of the call dies as well.
        let lost = Death::At(format!("{step} after-answer"));
        for moment in ["before-settled", "after-settled"] {
            let point = format!("{step} {moment}");
            // What is asked for again is stored like a first answer; a blind step has nothing to store.
            let is_settled_by_looking =
                !matches!(proof(step), Some(ProofClass::Guarded | ProofClass::Blind))
                    && allowance(&point) != Allowance::SayingAgain;
            if moment == "after-settled" && !is_settled_by_looking {
                continue;
            }
            add(point.clone(), vec![lost.clone(), Death::At(point)]);
        }
    }
    cells
}

/// What the class of proof of the step allows, when it dies in doubt.
fn allowance(label: &str) -> Allowance {
    let words: Vec<&str> = label.split(' ').collect();
    let [kind, _, direction, moment] = words[..] else {
        panic!("`{label}` is not a label");
    };
    let is_in_doubt = !["before-started", "after-journal"].contains(&moment);
    if !is_in_doubt || direction == "undo" {
        return Allowance::Nothing;
    }
    if kind == "password.reset" {
        return Allowance::SayingAgain;
    }
    match proof(label) {
        Some(ProofClass::Blind) => Allowance::AskingAPerson,
        _ => Allowance::Nothing,
    }
}

/// The class of proof of a step, which a label begins with.
fn proof(label: &str) -> Option<ProofClass> {
    let mut words = label.split(' ');
    let (kind, step) = (words.next()?, words.next()?);
    let workflows = WorkflowCatalog::descriptions();
    let workflow = workflows.iter().find(|it| it.kind.as_str() == kind)?;
    workflow.steps.iter().find(|it| it.name == step)?.proof
}

/// Whether the platform or the guard on the node refuses a second time.
pub(super) fn is_named_or_guarded(label: &str) -> bool {
    matches!(proof(label), Some(ProofClass::Named | ProofClass::Guarded))
}

/// Every label that a kind has to have, by what the catalog says about its steps.
pub(super) fn demanded(kind: &str) -> Vec<String> {
    let workflows = WorkflowCatalog::descriptions();
    let steps = workflows
        .iter()
        .filter(|workflow| workflow.kind.as_str() == kind)
        .flat_map(|workflow| &workflow.steps);
    let mut labels = Vec::new();
    for step in steps {
        let moments: &[&str] = match step.proof {
            None => &MOMENTS_OF_READS,
            Some(_) => &MOMENTS_OF_CHANGES,
        };
        let mut add = |direction: &str| {
            let label = |moment| format!("{kind} {} {direction} {moment}", step.name);
            labels.extend(moments.iter().map(label));
        };
        add("forward");
        if matches!(step.undo, UndoDescription::Written { .. }) {
            add("undo");
        }
    }
    labels
}
