//! What comes next: a pure function of the steps and the journal.

use super::journal::Journal;
use super::step::{Action, Undo, WorkflowStep};
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
    steps
        .iter()
        .filter(|step| {
            journal
                .latest(&step.name, Direction::Forward)
                .is_some_and(|attempt| attempt.state == AttemptState::Done)
        })
        .count()
}

/// Forward, the first step that is not done; undoing, the last step that is not taken back. A step
/// in doubt is settled first in either direction: only then it is known what there is to take back.
pub(crate) fn next(steps: &[WorkflowStep], journal: &Journal, is_undoing: bool) -> Next {
    if is_undoing {
        next_undo(steps, journal)
    } else {
        next_forward(steps, journal)
    }
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
                if let Undo::CoveredBy(_) | Undo::Pivot(_) = undo {
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
