//! One question for all who ask the same within a moment: whoever comes while it is on its way waits for its answer.

use crate::UseCaseError;
use domain::ports::{Clock, Instant};
use futures::lock::Mutex as AsyncMutex;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The newest answer to one question, and when it came.
type Answer<Value> = Arc<AsyncMutex<Option<(Instant, Value)>>>;

/// Answers that are good for a moment.
pub(crate) struct SharedAnswers<Question, Value> {
    good_for: Duration,
    answers: Mutex<HashMap<Question, Answer<Value>>>,
}

impl<Question: Hash + Eq + Clone, Value: Clone> SharedAnswers<Question, Value> {
    pub(crate) fn new(good_for: Duration) -> Self {
        Self {
            good_for,
            answers: Mutex::default(),
        }
    }

    /// The answer, from whoever asked a moment ago or by asking now. Failures are not shared: the next one asks.
    pub(crate) async fn ask(
        &self,
        clock: &dyn Clock,
        question: &Question,
        ask: impl AsyncFnOnce() -> Result<Value, UseCaseError>,
    ) -> Result<Value, UseCaseError> {
        let answer = self.find(clock.instant(), question);
        let mut known = answer.lock().await;
        if let Some((at, value)) = known.as_ref()
            && clock.instant() < at.plus(self.good_for)
        {
            return Ok(value.clone());
        }
        let value = ask().await?;
        *known = Some((clock.instant(), value.clone()));
        Ok(value)
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.answers.lock().expect("no panic while held").len()
    }

    /// The place of the answer. Places of old ones that nobody waits for are given up on the way.
    fn find(&self, now: Instant, question: &Question) -> Answer<Value> {
        let mut answers = self.answers.lock().expect("no panic while held");
        answers.retain(|known, answer| {
            known == question
                || Arc::strong_count(answer) > 1
                || answer.try_lock().is_none_or(|it| {
                    it.as_ref()
                        .is_some_and(|(at, _)| now < at.plus(self.good_for))
                })
        });
        Arc::clone(answers.entry(question.clone()).or_default())
    }
}
