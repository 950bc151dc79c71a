use super::{Next, next, steps_done};
use crate::workflows::context::JobContext;
use crate::workflows::journal::Journal;
use crate::workflows::payloads::Findings;
use crate::workflows::scene::attempt;
use crate::workflows::settings::WorkflowSettings;
use crate::workflows::step::{
    MutationStep, NotDone, Output, ProofClass, ReadStep, Sent, Settled, Undo, WorkflowStep,
};
use async_trait::async_trait;
use domain::job::journal::AttemptState::{self, Done, InDoubt, NotDone as NotDoneState, Started};
use domain::job::journal::Direction::{self, Forward, Undo as Back};
use domain::job::journal::StepAttempt;
use domain::ports::MutationTicket;
use std::time::Duration;

/// A step that is only planned.
struct Planned;

#[async_trait]
impl ReadStep for Planned {
    fn does(&self) -> &'static str {
        "plans"
    }

    async fn read(&self, _context: &JobContext<'_>) -> Result<Output, NotDone> {
        unreachable!("planning carries nothing out")
    }
}

#[async_trait]
impl MutationStep for Planned {
    fn does(&self) -> &'static str {
        "plans"
    }

    fn proof(&self) -> ProofClass {
        ProofClass::Named
    }

    fn answer_within(&self, settings: &WorkflowSettings) -> Duration {
        settings.answer_within_short
    }

    async fn send(&self, _context: &JobContext<'_>, _ticket: MutationTicket) -> Sent {
        unreachable!("planning carries nothing out")
    }

    async fn settle(
        &self,
        _context: &JobContext<'_>,
        _attempts: &[&StepAttempt],
        _findings: &mut Findings,
    ) -> Result<Settled, NotDone> {
        unreachable!("planning carries nothing out")
    }
}

/// A read, a step with an undo, one without, and another with an undo.
fn steps() -> Vec<WorkflowStep> {
    let with_undo = || Undo::With(Box::new(Planned));
    vec![
        WorkflowStep::read("look", Planned),
        WorkflowStep::mutate("create", Planned, with_undo()),
        WorkflowStep::mutate("fill", Planned, Undo::CoveredBy("goes with it")),
        WorkflowStep::mutate("name", Planned, with_undo()),
    ]
}

const LOOK: usize = 0;
const CREATE: usize = 1;
const FILL: usize = 2;
const NAME: usize = 3;

/// What the journal says of one attempt.
type Row = (&'static str, Direction, AttemptState);

fn journal(attempts: &[Row]) -> Journal {
    let numbered = attempts.iter().zip(1_u128..);
    Journal::new(
        numbered
            .map(|((step, direction, state), number)| StepAttempt {
                direction: *direction,
                state: *state,
                ..attempt(number, step)
            })
            .collect(),
    )
}

fn perform(step: usize, direction: Direction) -> Next {
    Next::Perform { step, direction }
}

fn settle(step: usize, direction: Direction) -> Next {
    Next::Settle { step, direction }
}

#[test]
fn forward_the_newest_attempt_of_the_first_step_that_is_not_done_decides() {
    let look = ("look", Forward, Done);
    let create = ("create", Forward, Done);
    let fill = ("fill", Forward, Done);
    let table: &[(&[Row], Next)] = &[
        (&[], perform(LOOK, Forward)),
        (&[look], perform(CREATE, Forward)),
        (
            &[look, ("create", Forward, Started)],
            settle(CREATE, Forward),
        ),
        (
            &[look, ("create", Forward, InDoubt)],
            settle(CREATE, Forward),
        ),
        (
            &[look, ("create", Forward, NotDoneState)],
            perform(CREATE, Forward),
        ),
        (
            &[look, ("create", Forward, NotDoneState), create],
            perform(FILL, Forward),
        ),
        (
            &[
                look,
                ("create", Forward, NotDoneState),
                ("create", Forward, Started),
            ],
            settle(CREATE, Forward),
        ),
        (&[look, create, fill], perform(NAME, Forward)),
        (&[look, create, fill, ("name", Forward, Done)], Next::End),
        // A journal that goes on after a gap: the gap is closed first.
        (&[look, fill], perform(CREATE, Forward)),
    ];
    for (attempts, expected) in table {
        let planned = next(&steps(), &journal(attempts), false);
        assert_eq!(planned, *expected, "{attempts:?}");
    }
}

#[test]
fn undoing_takes_back_in_reverse_what_is_done_and_nothing_else() {
    let look = ("look", Forward, Done);
    let create = ("create", Forward, Done);
    let fill = ("fill", Forward, Done);
    let name = ("name", Forward, Done);
    let table: &[(&[Row], Next)] = &[
        // Nothing done, or only read: nothing to take back.
        (&[], Next::End),
        (&[look], Next::End),
        (&[look, ("create", Forward, NotDoneState)], Next::End),
        // The last one first.
        (&[look, create, fill, name], perform(NAME, Back)),
        (
            &[look, create, fill, name, ("name", Back, NotDoneState)],
            perform(NAME, Back),
        ),
        (
            &[look, create, fill, name, ("name", Back, Started)],
            settle(NAME, Back),
        ),
        (
            &[look, create, fill, name, ("name", Back, InDoubt)],
            settle(NAME, Back),
        ),
        // What has no undo of its own is skipped.
        (
            &[look, create, fill, name, ("name", Back, Done)],
            perform(CREATE, Back),
        ),
        (&[look, create, fill], perform(CREATE, Back)),
        (
            &[
                look,
                create,
                fill,
                name,
                ("name", Back, Done),
                ("create", Back, Done),
            ],
            Next::End,
        ),
    ];
    for (attempts, expected) in table {
        let planned = next(&steps(), &journal(attempts), true);
        assert_eq!(planned, *expected, "{attempts:?}");
    }
}

#[test]
fn undoing_settles_a_step_in_doubt_before_anything_is_taken_back() {
    let look = ("look", Forward, Done);
    let create = ("create", Forward, Done);
    for open in [Started, InDoubt] {
        let attempts = [look, ("create", Forward, open)];
        assert_eq!(
            next(&steps(), &journal(&attempts), true),
            settle(CREATE, Forward)
        );
        // Forward only does not mean that its truth does not matter.
        let attempts = [look, create, ("fill", Forward, open)];
        assert_eq!(
            next(&steps(), &journal(&attempts), true),
            settle(FILL, Forward)
        );
    }
}

#[test]
fn steps_that_are_done_count_once_and_only_forward() {
    let attempts = [
        ("look", Forward, Done),
        ("create", Forward, NotDoneState),
        ("create", Forward, Done),
        ("fill", Forward, InDoubt),
        ("create", Back, Done),
    ];
    assert_eq!(steps_done(&steps(), &journal(&attempts)), 2);
}
