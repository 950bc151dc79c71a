//! Rules about one file, as pure functions of its path and text.

use super::Finding;
use std::path::Path;

#[cfg(test)]
mod tests;

const PRODUCTION_LINES_MAX: usize = 500;
const PRODUCTION_LINES_QUESTIONED: usize = 300;

/// Texts that must not stand in Rust sources. Written in pieces, or they would find themselves.
const UNFINISHED: [&str; 4] = [
    concat!("#[", "ignore"),
    concat!("todo", "!("),
    concat!("unimplemented", "!("),
    concat!("FIX", "ME"),
];
/// Beginnings of paths that exist on one machine only.
const MACHINE_PATHS: [&str; 4] = [
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/fa", "rm/"),
];
/// Names that say nothing: what is in such a module belongs to the noun it serves.
const EMPTY_NAMES: [&str; 5] = ["utils", "util", "helpers", "common", "shared"];

/// Every rule that the file breaks. The path is given from the repository's root.
pub(super) fn findings(path: &str, text: &str) -> Vec<Finding> {
    let mut details = machine_path(text).into_iter().collect::<Vec<_>>();
    if is_rust(path) {
        details.extend(unfinished(text));
        details.extend(module_name(path));
        if !is_test(path) {
            details.extend(opening(path, text));
            details.extend(length(text));
            details.extend(use_case_span(path, text));
        }
    }
    details
        .into_iter()
        .map(|(rule, detail)| Finding {
            path: path.to_owned(),
            rule,
            detail,
        })
        .collect()
}

/// A question about a file that is long, but not too long.
pub(super) fn question_length(path: &str, text: &str) -> Option<String> {
    let lines = text.lines().count();
    let is_questioned = (PRODUCTION_LINES_QUESTIONED..=PRODUCTION_LINES_MAX).contains(&lines);
    (is_rust(path) && !is_test(path) && is_questioned)
        .then(|| format!("note: {path} has {lines} lines: is it one thing?"))
}

type Broken = (&'static str, String);

fn is_rust(path: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|extension| extension == "rs")
}

/// Contract suites are tests, although another crate runs them.
fn is_test(path: &str) -> bool {
    path.ends_with("tests.rs")
        || path.contains("/tests/")
        || path.starts_with("crates/testkit/src/contracts")
}

fn machine_path(text: &str) -> Option<Broken> {
    let path = MACHINE_PATHS.iter().find(|path| text.contains(**path))?;
    Some((
        "machine-path",
        format!("names a path of one machine: `{path}`"),
    ))
}

fn unfinished(text: &str) -> impl Iterator<Item = Broken> {
    UNFINISHED
        .iter()
        .filter(|word| text.contains(**word))
        .map(|word| ("unfinished", format!("holds `{word}`")))
}

/// A use case can be followed: its `run` has a span whose name begins with its area.
fn use_case_span(path: &str, text: &str) -> Option<Broken> {
    let below = path.strip_prefix("crates/application/src/")?;
    let (area, _) = below.split_once('/')?;
    if area == "workflows" {
        return None;
    }
    let name = format!("name = \"usecase.{area}.");
    let parts: Vec<_> = text.split("\n    pub async fn run(").collect();
    // What comes after the last is no beginning of one.
    let (_, before) = parts.split_last()?;
    let has_span = |before: &str| {
        let attribute = before.rsplit("///").next().unwrap_or_default();
        attribute.contains("#[tracing::instrument(") && attribute.contains(&name)
    };
    let is_unfollowed = before.iter().any(|before| !has_span(before));
    is_unfollowed.then(|| {
        let detail = format!("a use case without `#[tracing::instrument({name}…\", skip_all)]`");
        ("use-case-span", detail)
    })
}

fn module_name(path: &str) -> Option<Broken> {
    let path = Path::new(path);
    if path.file_name().is_some_and(|name| name == "mod.rs") {
        let detail = "write `name.rs` beside the folder `name`".to_owned();
        return Some(("mod-rs", detail));
    }
    let stem = path.file_stem()?.to_str()?;
    EMPTY_NAMES
        .contains(&stem)
        .then(|| ("empty-name", format!("`{stem}` does not say what is in it")))
}

/// A schema is a table for a macro; it explains itself.
fn opening(path: &str, text: &str) -> Option<Broken> {
    let first = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let is_opened = first.starts_with("//!") || first.starts_with("#![doc");
    (!is_opened && !path.ends_with("/schema.rs"))
        .then(|| ("module-doc", "must open with `//!`: what it is".to_owned()))
}

fn length(text: &str) -> Option<Broken> {
    let lines = text.lines().count();
    (lines > PRODUCTION_LINES_MAX).then(|| {
        (
            "length",
            format!("{lines} lines; the most is {PRODUCTION_LINES_MAX}"),
        )
    })
}
