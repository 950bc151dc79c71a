//! What comes next: a pure function of the steps and the journal.

use super::journal::Journal;
use super::step::{Action, Undo, WorkflowStep};
use domain::ids::StepAttemptId;
use domain::job::journal::{AttemptState, Direction};

#[cfg(test)]
mod tests;

/// What the runner does next with a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Carry out this step, forward or back.
    Perform { step: usize, direction: Direction },
    /// Find out what became of the newest attempt at this step.
    Settle { step: usize, direction: Direction },
    /// Every step is done, or every step is taken back.
    End,
}

/// Steps that are done, for the progress.
pub(crate) fn steps_done(steps: &[WorkflowStep], journal: &Journal) -> usize {
    steps.iter().filter(|step| is_done(step, journal)).count()
}

/// Forward, the first step that is not done; undoing, the last step that is not taken back. A step
/// in doubt is settled first in either direction: only then it is known what there is to take back.
/// Past a pivot nothing is taken back.
pub(crate) fn next(steps: &[WorkflowStep], journal: &Journal, is_undoing: bool) -> Next {
    if is_undoing {
        next_undo(steps, journal)
    } else {
        next_forward(steps, journal)
    }
}

/// Whether a step without a way back has happened, or may have, by another attempt than `except`.
pub(crate) fn is_past_pivot(
    steps: &[WorkflowStep],
    journal: &Journal,
    except: Option<StepAttemptId>,
) -> bool {
    steps.iter().filter(|step| step.is_pivot()).any(|step| {
        let mut attempts = journal.attempts(&step.name, Direction::Forward).into_iter();
        attempts.any(|it| it.state != AttemptState::NotDone && Some(it.id) != except)
    })
}

/// What was done and stays: past a pivot nothing is taken back.
pub(crate) fn remaining(steps: &[WorkflowStep], journal: &Journal) -> Vec<String> {
    if !is_past_pivot(steps, journal, None) {
        return Vec::new();
    }
    let mutations = steps
        .iter()
        .filter(|step| matches!(step.action, Action::Mutate { .. }));
    mutations
        .filter(|step| is_done(step, journal))
        .map(|step| step.name.clone())
        .collect()
}

/// Steps that have changed something, or may have, and were not taken back.
pub(crate) fn standing(steps: &[WorkflowStep], journal: &Journal) -> Vec<String> {
    let mutations = steps
        .iter()
        .filter(|step| matches!(step.action, Action::Mutate { .. }));
    let stands = |step: &&WorkflowStep| {
        let undone = journal.latest(&step.name, Direction::Undo);
        journal
            .latest_possible(&step.name, Direction::Forward)
            .is_some()
            && undone.is_none_or(|undo| undo.state != AttemptState::Done)
    };
    mutations
        .filter(stands)
        .map(|step| step.name.clone())
        .collect()
}

/// Whether everything that changes something is done and cannot be taken back: what is left only reads.
pub(crate) fn has_only_reads_left(steps: &[WorkflowStep], journal: &Journal) -> bool {
    let mut mutations = steps
        .iter()
        .filter(|step| matches!(step.action, Action::Mutate { .. }));
    is_past_pivot(steps, journal, None) && mutations.all(|step| is_done(step, journal))
}

fn is_done(step: &WorkflowStep, journal: &Journal) -> bool {
    journal
        .latest(&step.name, Direction::Forward)
        .is_some_and(|attempt| attempt.state == AttemptState::Done)
}

fn next_forward(steps: &[WorkflowStep], journal: &Journal) -> Next {
    for (index, step) in steps.iter().enumerate() {
        if let Some(next) = unless_done(index, step, journal, Direction::Forward) {
            return next;
        }
    }
    Next::End
}

fn next_undo(steps: &[WorkflowStep], journal: &Journal) -> Next {
    for (index, step) in steps.iter().enumerate().rev() {
        let Action::Mutate { undo, .. } = &step.action else {
            continue;
        };
        match journal
            .latest_possible(&step.name, Direction::Forward)
            .map(|attempt| attempt.state)
        {
            None | Some(AttemptState::NotDone) => {}
            Some(AttemptState::Started | AttemptState::InDoubt) => {
                return Next::Settle {
                    step: index,
                    direction: Direction::Forward,
                };
            }
            Some(AttemptState::Done) => {
                if !matches!(undo, Undo::With(_)) || is_past_pivot(steps, journal, None) {
                    continue;
                }
                if let Some(next) = unless_done(index, step, journal, Direction::Undo) {
                    return next;
                }
            }
        }
    }
    Next::End
}

fn unless_done(
    index: usize,
    step: &WorkflowStep,
    journal: &Journal,
    direction: Direction,
) -> Option<Next> {
    match journal
        .latest(&step.name, direction)
        .map(|attempt| attempt.state)
    {
        Some(AttemptState::Done) => None,
        None | Some(AttemptState::NotDone) => Some(Next::Perform {
            step: index,
            direction,
        }),
        Some(AttemptState::Started | AttemptState::InDoubt) => Some(Next::Settle {
            step: index,
            direction,
        }),
    }
}
