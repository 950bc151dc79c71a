//! Rules about migration files: both dialects alike, each with a way back, and nothing taken away
//! that the running version still uses.

use std::collections::BTreeSet;

#[cfg(test)]
mod tests;

const DIALECTS: [&str; 2] = ["postgres", "sqlite"];
const DIRECTIONS: [&str; 2] = ["up.sql", "down.sql"];
/// A line that says why something may be taken away now.
const CONTRACT: &str = "-- contract:";

/// Findings about `<dialect>/<name>/<direction>.sql` files, given with their text.
pub(super) fn findings(files: &[(String, String)]) -> Vec<String> {
    let mut findings = Vec::new();
    let present: BTreeSet<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    let names: BTreeSet<&str> = present
        .iter()
        .filter_map(|path| path.split('/').nth(1))
        .collect();
    for name in names {
        for dialect in DIALECTS {
            for direction in DIRECTIONS {
                let path = format!("{dialect}/{name}/{direction}");
                if !present.contains(path.as_str()) {
                    findings.push(format!("{path} is missing"));
                }
            }
        }
    }
    let ups = files.iter().filter(|(path, _)| path.ends_with("/up.sql"));
    findings.extend(ups.filter_map(|(path, text)| {
        let removal = removal(text)?;
        Some(format!(
            "{path}: `{removal}` breaks the version that still runs; expand first, and contract with a line `{CONTRACT} <reason>`"
        ))
    }));
    findings
}

/// What the statements take away without a reason.
fn removal(text: &str) -> Option<&'static str> {
    let is_contract = |line: &str| {
        line.trim()
            .strip_prefix(CONTRACT)
            .is_some_and(|reason| !reason.trim().is_empty())
    };
    if text.lines().any(is_contract) {
        return None;
    }
    let code = text
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default());
    let statements = code.collect::<Vec<_>>().join(" ").to_uppercase();
    statements.split(';').find_map(removal_of_statement)
}

fn removal_of_statement(statement: &str) -> Option<&'static str> {
    let words: Vec<&str> = statement.split_whitespace().collect();
    let has = |wanted: &[&str]| words.windows(wanted.len()).any(|window| window == wanted);
    if has(&["DROP", "COLUMN"]) {
        Some("drop column")
    } else if has(&["DROP", "TABLE"]) {
        Some("drop table")
    } else if has(&["RENAME"]) {
        Some("rename")
    } else if has(&["ALTER", "TYPE"]) || (has(&["ALTER", "TABLE"]) && has(&["TYPE"])) {
        Some("change of type")
    } else if has(&["SET", "NOT", "NULL"]) {
        Some("set not null")
    } else if has(&["ALTER", "TABLE"])
        && has(&["ADD"])
        && has(&["NOT", "NULL"])
        && !has(&["DEFAULT"])
    {
        Some("new column that is not null and has no default")
    } else {
        None
    }
}
