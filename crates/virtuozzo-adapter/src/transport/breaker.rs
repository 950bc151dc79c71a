//! The circuit breaker of one host: after failures in a row the host is left alone; then one call may
//! try, and its fate decides for all. It must not know why a call failed beyond [`Health`].

use super::Answer;
use super::failure::{DoubtCause, Failure, NotSentCause};
use crate::configuration::BreakerSettings;
use crate::endpoint::AnswerClass;
use domain::ports::Instant;
use http::StatusCode;
use std::sync::{Mutex, PoisonError};

#[cfg(test)]
mod tests;

/// What a call says about its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Health {
    /// It answers.
    Good,
    /// It does not answer as it should.
    Bad,
    /// Nothing: a gateway gives up on long work although the host is well, and our own limits say
    /// nothing about it at all.
    Unknown,
}

impl Health {
    pub(super) fn of(outcome: &Result<Answer, Failure>, class: AnswerClass) -> Self {
        let is_instant = class == AnswerClass::Instant;
        match outcome {
            Err(Failure::NotSent(NotSentCause::NoConnection)) => Self::Bad,
            Err(Failure::InDoubt(DoubtCause::AnswerTooLarge)) => Self::Good,
            Err(Failure::InDoubt(_)) if is_instant => Self::Bad,
            Err(Failure::NotSent(_) | Failure::InDoubt(_)) => Self::Unknown,
            Ok(answer) if is_gateway_trouble(answer.status) && is_instant => Self::Bad,
            Ok(answer) if is_gateway_trouble(answer.status) => Self::Unknown,
            Ok(_) => Self::Good,
        }
    }
}

/// The platform itself answers 200 even when it fails, so these are from what stands in front of it.
fn is_gateway_trouble(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::INTERNAL_SERVER_ERROR
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Closed {
        failures: u32,
    },
    Open {
        until: Instant,
    },
    /// One call is trying.
    HalfOpen,
}

/// The breaker.
pub(super) struct Breaker {
    settings: BreakerSettings,
    state: Mutex<State>,
}

/// Permission for one call; must be told how it went.
pub(super) struct Pass<'a> {
    breaker: &'a Breaker,
    is_trial: bool,
    is_reported: bool,
}

impl Breaker {
    pub(super) fn new(settings: BreakerSettings) -> Self {
        Self {
            settings,
            state: Mutex::new(State::Closed { failures: 0 }),
        }
    }

    pub(super) fn enter(&self, now: Instant) -> Result<Pass<'_>, NotSentCause> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let is_trial = match *state {
            State::Closed { .. } => false,
            State::Open { until } if now >= until => {
                *state = State::HalfOpen;
                true
            }
            State::Open { .. } | State::HalfOpen => return Err(NotSentCause::HostLeftAlone),
        };
        Ok(Pass {
            breaker: self,
            is_trial,
            is_reported: false,
        })
    }

    /// Whether the host is left alone from now on, when that is news.
    fn take(&self, is_trial: bool, health: Health, now: Instant) -> Option<bool> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let open = State::Open {
            until: now.plus(self.settings.open_for),
        };
        let before = *state;
        *state = match (before, health) {
            (State::HalfOpen, Health::Good) if is_trial => State::Closed { failures: 0 },
            (State::HalfOpen, Health::Bad) if is_trial => open,
            // The trial told nothing: the next call may try at once.
            (State::HalfOpen, Health::Unknown) if is_trial => State::Open { until: now },
            (State::Closed { .. }, Health::Good) => State::Closed { failures: 0 },
            (State::Closed { failures }, Health::Bad) => {
                if failures + 1 >= self.settings.failures_in_a_row {
                    open
                } else {
                    State::Closed {
                        failures: failures + 1,
                    }
                }
            }
            (unchanged, _) => unchanged,
        };
        let is_open = |state| !matches!(state, State::Closed { .. });
        (is_open(before) != is_open(*state)).then(|| is_open(*state))
    }
}

impl Pass<'_> {
    /// Whether the host is left alone from now on, when that is news.
    pub(super) fn report(mut self, health: Health, now: Instant) -> Option<bool> {
        self.is_reported = true;
        self.breaker.take(self.is_trial, health, now)
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        // The caller gave the call up; a trial must not keep everybody else out for ever.
        if !self.is_reported && self.is_trial {
            self.breaker
                .take(true, Health::Unknown, Instant(std::time::Duration::ZERO));
        }
    }
}
