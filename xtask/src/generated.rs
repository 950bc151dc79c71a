//! `cargo xtask openapi [--check]`: the pages of docs/ that the server itself prints.

use crate::external;
use crate::task_error::TaskError;
use crate::workspace;
use std::process::Command;

#[cfg(test)]
mod tests;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; fail when a committed page is not what the server prints.
    #[arg(long)]
    check: bool,
}

/// Between these lines of a page stands what the server prints; the rest is written by hand.
const BEGIN: &str = "<!-- printed by the server: begin -->\n";
const END: &str = "<!-- printed by the server: end -->\n";

/// A page, and the words that make the server print it.
struct Page {
    path: &'static str,
    command: &'static [&'static str],
    extent: Extent,
}

/// How much of a page the server prints.
#[derive(PartialEq, Eq)]
enum Extent {
    Whole,
    /// What stands between [`BEGIN`] and [`END`].
    Chapter,
}

const PAGES: [Page; 6] = [
    Page {
        path: "docs/openapi.json",
        command: &["openapi"],
        extent: Extent::Whole,
    },
    Page {
        path: "docs/errors.md",
        command: &["docs", "errors"],
        extent: Extent::Whole,
    },
    Page {
        path: "docs/permissions.md",
        command: &["docs", "permissions"],
        extent: Extent::Whole,
    },
    Page {
        path: "docs/configuration.md",
        command: &["docs", "configuration"],
        extent: Extent::Whole,
    },
    Page {
        path: "docs/metrics.md",
        command: &["docs", "metrics"],
        extent: Extent::Whole,
    },
    Page {
        path: "docs/jobs.md",
        command: &["docs", "jobs"],
        extent: Extent::Chapter,
    },
];

pub(crate) fn run(arguments: &Arguments) -> Result<(), TaskError> {
    if arguments.check {
        return check();
    }
    for (page, text) in printed_pages()? {
        workspace::write(&workspace::root().join(page.path), &text)?;
        println!("wrote {}", page.path);
    }
    Ok(())
}

/// Fails when a committed page differs from what the server prints.
pub(crate) fn check() -> Result<(), TaskError> {
    let findings = printed_pages()?.into_iter().filter_map(|(page, printed)| {
        let committed = std::fs::read_to_string(workspace::root().join(page.path));
        (committed.ok().as_ref() != Some(&printed)).then(|| {
            format!(
                "{} is not what the server prints: run `cargo xtask openapi`",
                page.path
            )
        })
    });
    TaskError::from_findings("openapi --check", findings.collect())
}

/// What the server prints. A page that it does not know is only an error when it was committed.
fn printed_pages() -> Result<Vec<(&'static Page, String)>, TaskError> {
    external::build_programs()?;
    let program = workspace::debug_program("windlass")?;
    let mut pages = Vec::new();
    for page in &PAGES {
        let is_known = external::succeeds(Command::new(&program).args(page.command).arg("--help"));
        if is_known || workspace::root().join(page.path).exists() {
            let mut text = external::output_of(Command::new(&program).args(page.command))?;
            if page.extent == Extent::Chapter {
                let committed = workspace::read(&workspace::root().join(page.path))?;
                text = with_chapter(&committed, &text).ok_or_else(|| {
                    let detail = "it lacks the lines around what is printed".to_owned();
                    let what = page.path.to_owned();
                    TaskError::Unexpected { what, detail }
                })?;
            }
            pages.push((page, text));
        } else {
            println!("note: the server does not print {} yet", page.path);
        }
    }
    Ok(pages)
}

/// The page with another chapter between its marks; `None` when it lacks them.
fn with_chapter(page: &str, chapter: &str) -> Option<String> {
    let (before, rest) = page.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{chapter}\n{END}{after}"))
}
