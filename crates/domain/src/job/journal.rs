//! The journal of a job: what was started, with what intent, and what became of it.

use crate::ids::StepAttemptId;
use crate::job::EncodedData;
use jiff::Timestamp;

/// Whether a step goes forward or takes back what was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Towards the goal.
    Forward,
    /// Taking back.
    Undo,
}

/// What is known about one attempt at a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AttemptState {
    /// The intent is committed; the call may have been made.
    Started,
    /// The answer was lost or leaves open whether it happened; it is being found out.
    InDoubt,
    /// It happened; its output and effect are stored.
    Done,
    /// It surely did not happen.
    NotDone,
}

macro_rules! text_forms {
    ($($type:ident { $($variant:ident = $text:literal,)* })*) => {
        $(impl $type {
            /// The stable text form.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// Reads the stable text form.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)* _ => None }
            }
        })*
    };
}

text_forms! {
    Direction { Forward = "forward", Undo = "undo", }
    AttemptState { Started = "started", InDoubt = "in_doubt", Done = "done", NotDone = "not_done", }
}

/// One attempt at one step, as stored. Attempts of a job are numbered from 1 without gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepAttempt {
    /// The attempt; the platform's tracking knows it too.
    pub id: StepAttemptId,
    /// Its number in the job.
    pub sequence: i64,
    /// The step.
    pub step: String,
    /// Forward or undo.
    pub direction: Direction,
    /// What is known about it.
    pub state: AttemptState,
    /// When its intent was committed, by the database's clock.
    pub started_at: Timestamp,
    /// Until when the call may still be answered; only later does silence mean anything.
    pub answer_by: Timestamp,
    /// What was read before the call, to tell afterwards whether it happened.
    pub baseline: Option<EncodedData>,
    /// What has been found out so far about an attempt in doubt.
    pub findings: Option<EncodedData>,
    /// What it gave.
    pub output: Option<EncodedData>,
}

/// A new attempt, about to be committed before its call is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStepAttempt {
    /// The attempt.
    pub id: StepAttemptId,
    /// The step.
    pub step: String,
    /// Forward or undo.
    pub direction: Direction,
    /// How long after its intent the call may still be answered: [`crate::limits::CALL_LEAVES_WITHIN`], and
    /// what the platform may take.
    pub answer_within: std::time::Duration,
    /// What was read before the call.
    pub baseline: Option<EncodedData>,
    /// Whether there is no way back once it has happened.
    pub is_pivot: bool,
}
