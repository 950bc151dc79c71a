//! The surface of the system that is replaced: every call of it has its place in the inventory.

use super::PATH;
use super::finding::{Finding, Rule};
use super::located::{Located, TableReader, read_tables};
use super::rows::Row;
use crate::task_error::TaskError;

#[cfg(test)]
mod tests;

/// From the repository's root.
const GUIDE_PATH: &str = "xtask/src/inventory/guide.toml";

/// One row of the guide's table.
#[derive(Debug)]
struct GuideRow {
    line: usize,
    sources: Located<Vec<Located<String>>>,
    endpoint: Located<String>,
    /// The documented path, where the guide has another one.
    documented_as: Option<Located<String>>,
    purpose: Located<String>,
}

impl GuideRow {
    fn read(table: &mut TableReader<'_>) -> Self {
        // Who consumes it is the business of `cargo xtask capabilities`.
        table.allow(&[
            "sources",
            "endpoint",
            "documented_as",
            "purpose",
            "consumers",
        ]);
        Self {
            line: table.line,
            sources: table.texts("sources"),
            endpoint: table.text("endpoint"),
            documented_as: table.optional_text("documented_as"),
            purpose: table.text("purpose"),
        }
    }

    fn path(&self) -> &str {
        &self.documented_as.as_ref().unwrap_or(&self.endpoint).value
    }

    fn has(&self, source: &str) -> bool {
        self.sources.value.iter().any(|own| own.value == source)
    }
}

/// The guide's table.
#[derive(Debug)]
pub(super) struct Guide {
    rows: Vec<GuideRow>,
}

/// How much of the guide the inventory has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) rows: usize,
    pub(super) rows_of: usize,
    pub(super) names: usize,
    pub(super) names_of: usize,
}

impl Guide {
    /// The table that is kept beside this file.
    pub(super) fn of_the_house() -> Result<Self, TaskError> {
        Self::parse(include_str!("guide.toml"))
    }

    pub(super) fn parse(text: &str) -> Result<Self, TaskError> {
        let (rows, findings) = read_tables(GUIDE_PATH, text, "row", GuideRow::read);
        let findings = findings.iter().map(ToString::to_string).collect();
        TaskError::from_findings("inventory check", findings)?;
        Ok(Self { rows })
    }

    /// Complains about names that are missing, doubled or elsewhere than the guide has them.
    pub(super) fn compare(&self, rows: &[Row], findings: &mut Vec<Finding>) -> Kept {
        for row in rows {
            findings.extend(self.about_row(row));
        }
        let mut kept = Kept {
            rows: 0,
            rows_of: self.rows.len(),
            names: 0,
            names_of: self.rows.iter().map(|row| row.sources.value.len()).sum(),
        };
        for guide_row in &self.rows {
            let mut is_whole = true;
            for source in &guide_row.sources.value {
                let places: Vec<&Row> = rows.iter().filter(|row| names(row, source)).collect();
                match places.as_slice() {
                    [row] if row.endpoint.value == guide_row.path() => {
                        kept.names += 1;
                        continue;
                    }
                    // The row itself was complained about.
                    [_] => {}
                    [] => findings.push(Finding::new(
                        GUIDE_PATH,
                        source.line,
                        Rule::Guide,
                        format!("no row of the inventory names `{}`", source.value),
                    )),
                    [_, others @ ..] => findings.extend(others.iter().map(|row| {
                        let detail = format!("`{}` stands in another row already", source.value);
                        Finding::new(PATH, row.legacy_sources.line, Rule::Guide, detail)
                    })),
                }
                is_whole = false;
            }
            kept.rows += usize::from(is_whole);
        }
        kept
    }

    fn about_row(&self, row: &Row) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut complain =
            |line, detail| findings.push(Finding::new(PATH, line, Rule::Guide, detail));
        let mut first: Option<&GuideRow> = None;
        for source in &row.legacy_sources.value {
            let name = &source.value;
            let Some(guide_row) = self.rows.iter().find(|guide_row| guide_row.has(name)) else {
                complain(source.line, format!("the guide does not name `{name}`"));
                continue;
            };
            let path = guide_row.path();
            if path != row.endpoint.value {
                complain(source.line, format!("the guide has `{name}` at `{path}`"));
            }
            if first.is_some_and(|first| first.line != guide_row.line) {
                let detail =
                    format!("`{name}` is another row of the guide than the names before it");
                complain(source.line, detail);
            }
            first = first.or(Some(guide_row));
        }
        if let Some(guide_row) = first
            && guide_row.purpose.value != row.purpose.value
        {
            let detail = format!("the guide's purpose is `{}`", guide_row.purpose.value);
            complain(row.purpose.line, detail);
        }
        findings
    }
}

fn names(row: &Row, source: &Located<String>) -> bool {
    row.legacy_sources
        .value
        .iter()
        .any(|own| own.value == source.value)
}
