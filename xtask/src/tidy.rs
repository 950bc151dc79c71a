//! `cargo xtask tidy`: house rules that no other tool knows. An exception needs a line with a reason
//! in xtask/tidy-exceptions.txt, and goes when nothing needs it any more.

mod crate_rules;
mod exceptions;
mod file_rules;

use crate::task_error::TaskError;
use crate::workspace;
use exceptions::Exceptions;
use std::path::Path;

/// Where text is that people read and rules are about.
const PLACES: [&str; 7] = [
    "crates", "xtask", "docs", "deploy", ".ci", ".config", ".cargo",
];

/// A rule that a file breaks.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    /// From the repository's root.
    path: String,
    /// The rule's short name, as exceptions use it.
    rule: &'static str,
    detail: String,
}

pub(crate) fn run() -> Result<(), TaskError> {
    let root = workspace::root();
    let mut found = Vec::new();
    let mut long_files = Vec::new();
    for path in PLACES
        .iter()
        .flat_map(|place| workspace::files_under(&root.join(place)))
    {
        // What is not text has no rules here.
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        let path = from_root(&root, &path);
        found.extend(file_rules::findings(&path, &text));
        long_files.extend(file_rules::question_length(&path, &text));
    }
    found.extend(crate_rules::findings(&root)?);
    for question in long_files {
        println!("{question}");
    }
    let exceptions = Exceptions::parse(&workspace::read(&root.join("xtask/tidy-exceptions.txt"))?);
    TaskError::from_findings("tidy", exceptions.apply(found))
}

fn from_root(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    path.to_string_lossy().into_owned()
}
