//! `cargo xtask inventory check`: docs/virtuozzo-inventory.toml against the adapter's calls, the tests,
//! the use cases and the surface of the system that is replaced.

mod adapter;
mod finding;
mod guide;
mod located;
mod named_tests;
mod report;
mod rows;
mod rules;
mod source;
mod use_cases;

#[cfg(test)]
mod tests;

use crate::task_error::TaskError;
use crate::workspace;
use guide::Guide;
use report::Report;
use std::path::Path;

/// The inventory, from the repository's root.
const PATH: &str = "docs/virtuozzo-inventory.toml";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Print what was counted and found as JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), TaskError> {
    let report = inspect(&workspace::root(), &Guide::of_the_house()?)?;
    if arguments.json {
        println!("{}", report.to_json());
    } else {
        println!("{report}");
    }
    report.into_result()
}

/// The same as a part of `cargo xtask check`.
pub(crate) fn check() -> Result<(), TaskError> {
    run(&Arguments { json: false })
}

/// Everything that is wrong in the repository, and what was counted.
fn inspect(root: &Path, guide: &Guide) -> Result<Report, TaskError> {
    let (rows, mut findings) = rows::read(PATH, &workspace::read(&root.join(PATH))?);
    let adapter = match adapter::read(root)? {
        Ok(adapter) => adapter,
        // Without the calls every row would look like one too many.
        Err(unreadable) => {
            findings.push(unreadable);
            return Ok(Report::of_unreadable(findings));
        }
    };
    let tests = named_tests::find(root, rows.iter().flat_map(rows::Row::test_names))?;
    findings.extend(rules::about_values(&rows));
    findings.extend(rules::about_calls(&rows, &adapter));
    findings.extend(rules::about_tests(&rows, &tests));
    findings.extend(use_cases::findings(root, &rows));
    let kept = guide.compare(&rows, &mut findings);
    findings.sort();
    Ok(Report::new(&rows, &adapter, &tests, kept, findings))
}
