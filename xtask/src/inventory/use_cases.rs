//! Which use cases there are: modules below the areas of `application`.

use super::PATH;
use super::finding::{Finding, Rule};
use super::rows::Row;
use std::path::Path;

const APPLICATION: &str = "crates/application/src";
/// How jobs go, not what can be asked for.
const NOT_AN_AREA: &str = "workflows";

/// What is wrong with the use cases that rows name.
pub(super) fn findings(root: &Path, rows: &[Row]) -> Vec<Finding> {
    rows.iter().flat_map(|row| about(root, row)).collect()
}

fn about(root: &Path, row: &Row) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut complain = |line, detail: String| {
        findings.push(Finding::new(PATH, line, Rule::UseCase, detail));
    };
    let mut is_whole = !row.use_cases.value.is_empty();
    for use_case in &row.use_cases.value {
        let name = &use_case.value;
        if !is_well_formed(name) {
            let detail = format!(
                "`{name}` is not a use case: write `<area>::<module>`, as in `environments::provision`"
            );
            complain(use_case.line, detail);
        } else if !exists(root, name) {
            is_whole = false;
            if !row.is_planned() {
                let detail = format!(
                    "the use case `{name}` is not there: {APPLICATION}/{}.rs",
                    name.replace("::", "/")
                );
                complain(use_case.line, detail);
            }
        }
    }
    if let Some(state) = row.state.as_ref().filter(|_| row.is_planned())
        && is_whole
    {
        let detail = "every use case is there, so the row is `built`".to_owned();
        complain(state.line, detail);
    }
    findings
}

fn is_well_formed(name: &str) -> bool {
    let parts: Vec<&str> = name.split("::").collect();
    let is_word = |part: &&str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    };
    parts.iter().all(is_word) && parts[0] != NOT_AN_AREA
}

fn exists(root: &Path, name: &str) -> bool {
    let path = format!("{APPLICATION}/{}.rs", name.replace("::", "/"));
    root.join(path).is_file()
}
