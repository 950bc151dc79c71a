//! What was counted and found, for people and as JSON.

use super::adapter::Adapter;
use super::finding::Finding;
use super::guide::Kept;
use super::named_tests::NamedTests;
use super::rows::Row;
use crate::task_error::TaskError;
use serde::Serialize;
use std::fmt;

/// How many there are of how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(super) struct Share {
    pub(super) present: usize,
    pub(super) of: usize,
}

/// The end of a check.
#[derive(Debug, Default, Serialize)]
pub(super) struct Report {
    pub(super) rows: usize,
    /// Client methods, each once for every endpoint that it calls.
    pub(super) calls: usize,
    /// Rows whose tests are all there.
    pub(super) tested: usize,
    /// Rows whose use cases are not all there yet.
    pub(super) planned: usize,
    /// Calls, rows and tests that are not there.
    pub(super) missing: usize,
    pub(super) guide_rows: Share,
    pub(super) legacy_names: Share,
    pub(super) findings: Vec<Finding>,
}

impl Report {
    pub(super) fn new(
        rows: &[Row],
        adapter: &Adapter,
        tests: &NamedTests,
        kept: Kept,
        findings: Vec<Finding>,
    ) -> Self {
        let is_tested = |row: &&Row| {
            !row.tests.value.is_empty() && row.test_names().all(|name| tests.contains_key(name))
        };
        let is_about_absence = |finding: &&Finding| finding.rule.is_about_absence();
        Self {
            rows: rows.len(),
            calls: adapter.calls.len(),
            tested: rows.iter().filter(is_tested).count(),
            planned: rows.iter().filter(|row| row.is_planned()).count(),
            missing: findings.iter().filter(is_about_absence).count(),
            guide_rows: Share {
                present: kept.rows,
                of: kept.rows_of,
            },
            legacy_names: Share {
                present: kept.names,
                of: kept.names_of,
            },
            findings,
        }
    }

    /// When the sources could not be understood, so that nothing was counted.
    pub(super) fn of_unreadable(findings: Vec<Finding>) -> Self {
        Self {
            findings,
            ..Self::default()
        }
    }

    pub(super) fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("numbers, texts and lists become JSON")
    }

    pub(super) fn into_result(self) -> Result<(), TaskError> {
        let findings = self.findings.iter().map(ToString::to_string).collect();
        TaskError::from_findings("inventory check", findings)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            rows,
            calls,
            tested,
            planned,
            missing,
            guide_rows,
            legacy_names,
            ..
        } = self;
        let (first, second) = (sign(*rows, *calls), sign(*calls, *tested));
        write!(
            formatter,
            "inventory: {rows} rows {first} {calls} calls {second} {tested} tested, {missing} missing, \
             {planned} planned; guide rows {}/{}, legacy names {}/{}",
            guide_rows.present, guide_rows.of, legacy_names.present, legacy_names.of
        )
    }
}

fn sign(one: usize, other: usize) -> &'static str {
    if one == other { "=" } else { "≠" }
}
