//! The list of exceptions. It can only shrink: one that is not needed is a finding itself.

use super::Finding;

#[cfg(test)]
mod tests;

#[derive(Debug)]
pub(super) struct Exceptions {
    entries: Vec<Entry>,
    unreadable: Vec<String>,
}

#[derive(Debug)]
struct Entry {
    path: String,
    rule: String,
}

impl Exceptions {
    /// Reads `path | rule | reason` lines; `#` begins a comment.
    pub(super) fn parse(text: &str) -> Self {
        let mut exceptions = Self {
            entries: Vec::new(),
            unreadable: Vec::new(),
        };
        for line in text.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let fields: Vec<&str> = line.split('|').map(str::trim).collect();
            match fields[..] {
                [path, rule, reason] if !reason.is_empty() => exceptions.entries.push(Entry {
                    path: path.to_owned(),
                    rule: rule.to_owned(),
                }),
                _ => exceptions.unreadable.push(line.to_owned()),
            }
        }
        exceptions
    }

    /// What is left to complain about.
    pub(super) fn apply(&self, findings: Vec<Finding>) -> Vec<String> {
        let is_for = |entry: &Entry, finding: &Finding| {
            entry.path == finding.path && entry.rule == finding.rule
        };
        let unneeded = self
            .entries
            .iter()
            .filter(|entry| !findings.iter().any(|finding| is_for(entry, finding)))
            .map(|entry| {
                format!(
                    "{}: the exception from `{}` is not needed",
                    entry.path, entry.rule
                )
            });
        let unreadable = self
            .unreadable
            .iter()
            .map(|line| format!("an exception is `path | rule | reason`, not `{line}`"));
        let extra: Vec<_> = unneeded.chain(unreadable).collect();
        findings
            .into_iter()
            .filter(|finding| !self.entries.iter().any(|entry| is_for(entry, finding)))
            .map(|finding| format!("{}: {} [{}]", finding.path, finding.detail, finding.rule))
            .chain(extra)
            .collect()
    }
}
