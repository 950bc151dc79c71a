//! Counting the cells, and what is said when all is done.

use super::document::Operation;
use super::expectation::Expectation;
use crate::support::Backend;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// The proof finds the counts behind this.
const MARK: &str = "authorisation-counts: ";
/// How many kinds of unexpected cells are shown.
const SHOWN: usize = 20;

/// What has happened so far.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) generated: usize,
    tested: usize,
    pub(super) unexpected: usize,
    /// One of each kind.
    shown: BTreeMap<String, String>,
    pub(super) tested_operations: BTreeSet<String>,
    by_expectation: BTreeMap<String, usize>,
    /// What became of what was passed: done, or what else was in the way.
    passed: BTreeMap<String, usize>,
}

/// What became of a cell.
pub(super) struct Outcome<'a> {
    pub(super) operation: &'a Operation,
    pub(super) expectation: Expectation,
    /// The code of a problem; `done` otherwise.
    pub(super) answer: String,
    /// Of which kind, and all about it.
    pub(super) fault: Option<(String, String)>,
}

impl Tally {
    pub(super) fn count(&mut self, outcome: Outcome<'_>) {
        self.tested += 1;
        self.tested_operations.insert(outcome.operation.id.clone());
        let expected = format!("{:?}", outcome.expectation);
        let expected = expected.split('(').next().unwrap_or_default().to_owned();
        *self.by_expectation.entry(expected).or_default() += 1;
        if outcome.expectation == Expectation::Passed {
            *self.passed.entry(outcome.answer).or_default() += 1;
        }
        if let Some((kind, fault)) = outcome.fault {
            self.unexpected += 1;
            self.shown.entry(kind).or_insert(fault);
        }
    }

    #[expect(
        clippy::print_stdout,
        reason = "the counts are what the matrix is made for, and the proof reads them"
    )]
    pub(super) fn report(
        &self,
        backend: Backend,
        operations: usize,
        identities: usize,
        uncovered: &[String],
    ) {
        let (generated, tested) = (self.generated, self.tested);
        let unexpected = self.unexpected;
        println!(
            "matrix: operations {operations}, identities {identities}, cells generated {generated}, \
             tested {tested}, unexpected {unexpected}, uncovered {}",
            uncovered.len()
        );
        let counts = json!({format!("{backend:?}"): {
            "operations": operations,
            "identities": identities,
            "cells_generated": generated,
            "cells_tested": tested,
            "unexpected": unexpected,
            "uncovered_operations": uncovered.len(),
            "cells_by_expectation": self.by_expectation,
            "passed_by_answer": self.passed,
        }});
        println!("{MARK}{counts}");
        let shown: Vec<_> = self.shown.values().take(SHOWN).cloned().collect();
        let shown = shown.join("\n");
        assert_eq!(unexpected, 0, "unexpected, one of each kind:\n{shown}");
        assert!(uncovered.is_empty(), "uncovered:\n{}", uncovered.join("\n"));
        assert_eq!(tested, generated, "every cell is tested");
    }
}
