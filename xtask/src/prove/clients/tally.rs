//! What the driver of one client says, line by line, and what it adds up to.

use crate::task_error::TaskError;
use serde::Deserialize;
use serde_json::{Value, json};

#[cfg(test)]
mod tests;

/// One line of a driver.
#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Line {
    Client { package: String, version: String },
    Call(Call),
    End { requests: u64 },
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Call {
    call: String,
    outcome: Outcome,
    /// What went wrong, or why it is right that the platform refuses.
    detail: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Passed,
    /// As it should be.
    Refused,
    Failed,
}

/// The calls of one client.
#[derive(Debug, Default)]
pub(super) struct Tally {
    package: String,
    version: String,
    calls: Vec<Call>,
    pub(super) requests: u64,
}

impl Tally {
    pub(super) fn read(&mut self, line: &str) -> Result<(), TaskError> {
        let read = serde_json::from_str(line).map_err(|_| TaskError::Unexpected {
            what: "a line of a driver".to_owned(),
            detail: line.to_owned(),
        })?;
        match read {
            Line::Client { package, version } => {
                self.package = package;
                self.version = version;
            }
            Line::Call(call) => self.calls.push(call),
            Line::End { requests } => self.requests = requests,
        }
        Ok(())
    }

    /// The line for whoever watches, about the call that was read last.
    pub(super) fn progress(&self) -> Option<String> {
        let call = self.calls.last().filter(|_| self.requests == 0)?;
        let outcome = match call.outcome {
            Outcome::Passed => "passed".to_owned(),
            Outcome::Refused => format!("refused, as it should be: {}", call.detail),
            Outcome::Failed => format!("FAILED: {}", call.detail),
        };
        Some(format!("{}: {}: {outcome}", self.package, call.call))
    }

    /// Calls that should have passed.
    pub(super) fn calls(&self) -> u64 {
        self.passed() + self.count(Outcome::Failed)
    }

    pub(super) fn passed(&self) -> u64 {
        self.count(Outcome::Passed)
    }

    pub(super) fn refused(&self) -> u64 {
        self.count(Outcome::Refused)
    }

    fn count(&self, outcome: Outcome) -> u64 {
        self.of(outcome).map(|_| 1).sum()
    }

    fn of(&self, outcome: Outcome) -> impl Iterator<Item = &Call> {
        let calls = self.calls.iter();
        calls.filter(move |call| call.outcome == outcome)
    }

    /// Calls that failed; a driver that said nothing, or did not reach its end.
    pub(super) fn findings(&self) -> Vec<String> {
        let failed = self.of(Outcome::Failed);
        let mut findings: Vec<String> = failed
            .map(|call| format!("{}: {}: {}", self.package, call.call, call.detail))
            .collect();
        if self.passed() == 0 || self.requests == 0 {
            findings.push(format!(
                "{}: the driver did not reach its end",
                self.package
            ));
        }
        findings
    }

    pub(super) fn summary(&self) -> Value {
        let refused = self.of(Outcome::Refused);
        let refusals: Vec<Value> = refused
            .map(|call| json!({"call": call.call, "reason": call.detail}))
            .collect();
        json!({
            "package": self.package,
            "version": self.version,
            "passed": format!("{}/{}", self.passed(), self.calls()),
            "requests": self.requests,
            "refused_as_expected": refusals,
        })
    }
}
