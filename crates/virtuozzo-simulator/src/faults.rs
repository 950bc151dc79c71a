//! What goes wrong, for which calls, how often.
//!
//! It must not know how a fault is carried out; the dispatcher does.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

/// What goes wrong with a call.
///
/// "The work" is what the method does; "nested" means inside `response`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultKind {
    /// Waits `ms` milliseconds of the simulator's clock (not scaled) before anything else.
    Delay { ms: u64 },
    /// Closes the connection; the work never runs.
    DropBeforeEffect,
    /// Does the work to its end, then closes the connection.
    EffectThenDrop,
    /// Answers with an HTML page and this status (502 or 504) at once; the work goes on.
    BadGatewayHtml { status: u16 },
    /// Ends the session and answers 702; the work never runs.
    SessionExpiredOuter,
    /// Ends the session and answers outer 0 with a nested 702; `after_effect` says whether the
    /// work ran before.
    SessionExpiredNested { after_effect: bool },
    /// Answers with this outer code; the work never runs.
    ForcedResult { result: i64, error: String },
    /// Answers outer 0 with this nested code; `after_effect` says whether the work ran before.
    ForcedNestedResult {
        result: i64,
        error: String,
        after_effect: bool,
    },
    /// Does the work, then sends only the first `bytes` bytes of the JSON text.
    TruncatedJson { bytes: usize },
    /// Does the work, then answers 200 with an HTML page.
    HtmlOk,
    /// `createenvironment` and `checkdomain` say that the name is taken.
    NameTaken,
    /// A creation ends half built: status 11 and a nested error.
    BrokenEnvironment,
    /// Blocks until `release(name)`, before the work or (with `after_effect`) before the answer.
    HoldUntilReleased {
        name: String,
        #[serde(default)]
        after_effect: bool,
    },
}

impl FaultKind {
    /// The `type` of the fault as it is written in JSON.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Delay { .. } => "delay",
            Self::DropBeforeEffect => "drop_before_effect",
            Self::EffectThenDrop => "effect_then_drop",
            Self::BadGatewayHtml { .. } => "bad_gateway_html",
            Self::SessionExpiredOuter => "session_expired_outer",
            Self::SessionExpiredNested { .. } => "session_expired_nested",
            Self::ForcedResult { .. } => "forced_result",
            Self::ForcedNestedResult { .. } => "forced_nested_result",
            Self::TruncatedJson { .. } => "truncated_json",
            Self::HtmlOk => "html_ok",
            Self::NameTaken => "name_taken",
            Self::BrokenEnvironment => "broken_environment",
            Self::HoldUntilReleased { .. } => "hold_until_released",
        }
    }
}

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

#[derive(Debug, Default)]
pub(crate) struct FaultBook {
    entries: Mutex<Vec<Counted>>,
}

#[derive(Debug)]
struct Counted {
    rule: FaultRule,
    seen: u32,
    hit: u32,
}

impl FaultBook {
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
