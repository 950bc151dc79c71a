//! What became of single tests, as cargo's own runner tells it.

use std::collections::BTreeMap;

/// By whole name, whether it passed.
#[derive(Debug, Default)]
pub(super) struct Outcomes {
    passed: BTreeMap<String, bool>,
    /// Begun on a line of its own; what it printed stands between its name and its end.
    begun: Option<String>,
}

impl Outcomes {
    /// Takes the next line.
    pub(super) fn listen(&mut self, line: &str) {
        let begins = line
            .strip_prefix("test ")
            .and_then(|rest| rest.split_once(" ... "));
        if let Some((name, rest)) = begins {
            self.begun = Some(name.to_owned());
            self.end_with(rest);
        } else {
            self.end_with(line);
        }
    }

    fn end_with(&mut self, said: &str) {
        let has_passed = match said.trim_end() {
            "ok" => true,
            "FAILED" => false,
            _ => return,
        };
        if let Some(name) = self.begun.take() {
            self.passed.insert(name, has_passed);
        }
    }

    pub(super) fn has_passed(&self, test: &str) -> bool {
        self.passed.get(test) == Some(&true)
    }

    pub(super) fn has_failed(&self, test: &str) -> bool {
        self.passed.get(test) == Some(&false)
    }
}
