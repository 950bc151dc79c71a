//! What goes wrong, for which calls, how often.
//!
//! It must not know how a fault is carried out; the dispatcher does.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::generator::Generator;

mod kind;

pub use kind::FaultKind;

/// Which calls a fault hits.
///
/// Every rule counts the calls that match it, on its own. When several rules are due for one
/// call, all of them apply, in the order in which they were added.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// Last path segment, any case (`createenvironment`), or `*` for all.
    pub method: String,
    /// Only calls that name this environment.
    #[serde(default)]
    pub environment: Option<String>,
    /// The first `skip` matching calls are left alone.
    #[serde(default)]
    pub skip: u32,
    /// How many calls are hit after those; absent means all.
    #[serde(default)]
    pub times: Option<u32>,
    pub kind: FaultKind,
}

impl FaultRule {
    /// Hits every call of `method` (`*` for all methods).
    pub fn always(method: impl Into<String>, kind: FaultKind) -> Self {
        Self {
            method: method.into(),
            environment: None,
            skip: 0,
            times: None,
            kind,
        }
    }

    /// Hits the next call of `method` only.
    pub fn once(method: impl Into<String>, kind: FaultKind) -> Self {
        Self {
            times: Some(1),
            ..Self::always(method, kind)
        }
    }

    /// Narrows the rule to calls that name `environment`.
    #[must_use]
    pub fn on_environment(self, environment: impl Into<String>) -> Self {
        Self {
            environment: Some(environment.into()),
            ..self
        }
    }

    /// Leaves the first `skip` matching calls alone.
    #[must_use]
    pub fn skipping(self, skip: u32) -> Self {
        Self { skip, ..self }
    }

    fn matches(&self, method: &str, environment: Option<&str>) -> bool {
        let is_method = self.method == "*" || self.method.eq_ignore_ascii_case(method);
        let is_environment = match (&self.environment, environment) {
            (None, _) => true,
            (Some(wanted), Some(named)) => wanted.eq_ignore_ascii_case(named),
            (Some(_), None) => false,
        };
        is_method && is_environment
    }
}

#[derive(Debug)]
pub(crate) struct FaultBook {
    entries: Mutex<Vec<Counted>>,
    /// Apart from the one that makes identifiers: a fault must not change those.
    generator: Mutex<Generator>,
}

#[derive(Debug)]
struct Counted {
    rule: FaultRule,
    seen: u32,
    hit: u32,
}

impl FaultBook {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            entries: Mutex::default(),
            generator: Mutex::new(Generator::new(seed)),
        }
    }

    /// A number from 0 to `most`.
    pub(crate) fn draw(&self, most: u64) -> u64 {
        let mut generator = self
            .generator
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        generator.below(most.saturating_add(1))
    }

    /// Adds a rule and returns how many there are now.
    pub(crate) fn add(&self, rule: FaultRule) -> usize {
        let mut entries = self.entries();
        entries.push(Counted {
            rule,
            seen: 0,
            hit: 0,
        });
        entries.len()
    }

    pub(crate) fn clear(&self) {
        self.entries().clear();
    }

    /// Counts a call and returns the faults that are due for it.
    pub(crate) fn due(&self, method: &str, environment: Option<&str>) -> Vec<FaultKind> {
        let mut due = Vec::new();
        for entry in self.entries().iter_mut() {
            if !entry.rule.matches(method, environment) {
                continue;
            }
            entry.seen = entry.seen.saturating_add(1);
            let is_left = entry.rule.times.is_none_or(|times| entry.hit < times);
            if entry.seen > entry.rule.skip && is_left {
                entry.hit = entry.hit.saturating_add(1);
                due.push(entry.rule.kind.clone());
            }
        }
        due
    }

    fn entries(&self) -> MutexGuard<'_, Vec<Counted>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
