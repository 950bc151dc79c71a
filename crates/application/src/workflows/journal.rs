//! The journal of a run, kept in memory beside the stored one.

use super::payloads::{DecodeError, decode};
use domain::ids::StepAttemptId;
use domain::job::EncodedData;
use domain::job::journal::{AttemptState, Direction, StepAttempt};
use serde::de::DeserializeOwned;

/// All attempts of a job so far, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Journal(Vec<StepAttempt>);

impl Journal {
    pub(crate) fn new(attempts: Vec<StepAttempt>) -> Self {
        Self(attempts)
    }

    /// A stored attempt, as it was committed.
    pub(crate) fn add(&mut self, attempt: StepAttempt) {
        self.0.push(attempt);
    }

    /// What was committed about an attempt.
    pub(crate) fn settle(
        &mut self,
        id: StepAttemptId,
        state: AttemptState,
        output: Option<EncodedData>,
    ) {
        if let Some(attempt) = self.0.iter_mut().find(|attempt| attempt.id == id) {
            attempt.state = state;
            attempt.output = output;
        }
    }

    /// The findings that were committed about an attempt.
    pub(crate) fn record_findings(&mut self, id: StepAttemptId, findings: EncodedData) {
        if let Some(attempt) = self.0.iter_mut().find(|attempt| attempt.id == id) {
            attempt.findings = Some(findings);
        }
    }

    /// All attempts at a step, oldest first.
    pub(crate) fn attempts(&self, step: &str, direction: Direction) -> Vec<&StepAttempt> {
        self.0
            .iter()
            .filter(|attempt| attempt.step == step && attempt.direction == direction)
            .collect()
    }

    /// One attempt.
    pub(crate) fn find(&self, id: StepAttemptId) -> Option<&StepAttempt> {
        self.0.iter().find(|attempt| attempt.id == id)
    }

    /// The newest attempt at a step.
    pub(crate) fn latest(&self, step: &str, direction: Direction) -> Option<&StepAttempt> {
        self.0
            .iter()
            .rev()
            .find(|attempt| attempt.step == step && attempt.direction == direction)
    }

    /// The newest attempt at a step that may have happened.
    pub(crate) fn latest_possible(&self, step: &str, direction: Direction) -> Option<&StepAttempt> {
        self.0.iter().rev().find(|attempt| {
            attempt.step == step
                && attempt.direction == direction
                && attempt.state != AttemptState::NotDone
        })
    }

    /// What the step gave, once it is done.
    pub(crate) fn output_of<Value: DeserializeOwned>(
        &self,
        step: &str,
    ) -> Option<Result<Value, DecodeError>> {
        self.latest(step, Direction::Forward)
            .filter(|attempt| attempt.state == AttemptState::Done)
            .and_then(|attempt| attempt.output.as_ref())
            .map(decode)
    }

    /// The newest attempt that is not settled.
    pub(crate) fn in_doubt(&self) -> Option<&StepAttempt> {
        self.0
            .iter()
            .rev()
            .find(|attempt| matches!(attempt.state, AttemptState::Started | AttemptState::InDoubt))
    }

    /// When the job last got on: the newest done attempt.
    pub(crate) fn last_progress_at(&self) -> Option<jiff::Timestamp> {
        self.0
            .iter()
            .rev()
            .find(|attempt| attempt.state == AttemptState::Done)
            .map(|attempt| attempt.started_at)
    }
}
